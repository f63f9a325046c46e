// Kernel launches.
#include "block.h"
#include "driver.h"

using namespace reste;

namespace
{

bool is_launchable(const Kernel& kernel, uint3 grid, uint3 block)
{
    bool some = grid.x != 0 && grid.y != 0 && grid.z != 0 && block.x != 0 && block.y != 0 && block.z != 0;
    bool grid_fits = grid.x <= 0x7FFFFFFF && grid.y <= 65535 && grid.z <= 65535;
    bool block_fits = block.x <= kMaxThreads && block.y <= kMaxThreads && block.z <= 64
        && uint64_t(block.x) * block.y * block.z <= kernel.max_threads;
    return some && grid_fits && block_fits;
}

// Parameters come as an array of pointers to each; a null pointer in it would be followed.
bool has_parameters(const Kernel& kernel, void** parameters, void** extra)
{
    if (extra != nullptr || (parameters == nullptr && kernel.parameter_count != 0))
        return false;
    for (size_t i = 0; i < kernel.parameter_count; i++)
        if (parameters[i] == nullptr)
            return false;
    return true;
}

} // namespace

CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
    unsigned block_z, unsigned shared_bytes, CUstream handle, void** parameters, void** extra)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr || !state.functions.has(function) || function->context != stream->context)
            return CUDA_ERROR_INVALID_HANDLE;
        const Kernel& kernel = *function->kernel;
        uint3 grid{grid_x, grid_y, grid_z}, block{block_x, block_y, block_z};
        bool no_dynamic_memory = shared_bytes == 0; // the kernels declare none
        if (!no_dynamic_memory || !is_launchable(kernel, grid, block) || !has_parameters(kernel, parameters, extra))
            return CUDA_ERROR_INVALID_VALUE;
        CUresult result = enqueue(stream, std::make_shared<LaunchOperation>(kernel, grid, block, parameters));
        state.counters.launches++;
        return result;
    });
}
