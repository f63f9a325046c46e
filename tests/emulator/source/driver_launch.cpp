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

// Whether a launch asks to start while the one before it still runs; an attribute that is not known here is refused.
CUresult read_attributes(const CUlaunchConfig& config, bool& dependent)
{
    dependent = false;
    if (config.numAttrs != 0 && config.attrs == nullptr)
        return CUDA_ERROR_INVALID_VALUE;
    for (unsigned i = 0; i < config.numAttrs; i++)
    {
        const CUlaunchAttribute& attribute = config.attrs[i];
        if (attribute.id == CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION)
            dependent = attribute.value.programmaticStreamSerializationAllowed != 0;
        else if (attribute.id != CU_LAUNCH_ATTRIBUTE_IGNORE)
            return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

// Stricter than a driver, which believes its caller: a kernel that does not wait by itself would overtake the work that it needs, and in a
// graph only a kernel can be waited for so.
CUresult refuse_dependent(const Driver& state, const CUfunc_st& function, const CUstream_st& stream)
{
    if (state.settings.capability.major < 9)
        return CUDA_ERROR_NOT_SUPPORTED;
    if (function.module->text.find(" waits_for_launch_before = 1;") == std::string::npos)
        return CUDA_ERROR_INVALID_VALUE;
    bool captures = stream.capture != CU_STREAM_CAPTURE_STATUS_NONE;
    bool follows_kernel = !captures || (!stream.captured.empty() && stream.captured.back()->is_launch());
    return follows_kernel ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult launch(Driver& state, const CUlaunchConfig& config, CUfunction function, void** parameters, void** extra)
{
    CUstream stream = find_stream(config.hStream);
    if (stream == nullptr || !state.functions.has(function) || function->context != stream->context)
        return CUDA_ERROR_INVALID_HANDLE;
    const Kernel& kernel = *function->kernel;
    uint3 grid{config.gridDimX, config.gridDimY, config.gridDimZ}, block{config.blockDimX, config.blockDimY, config.blockDimZ};
    bool no_dynamic_memory = config.sharedMemBytes == 0; // the kernels declare none
    if (!no_dynamic_memory || !is_launchable(kernel, grid, block) || !has_parameters(kernel, parameters, extra))
        return CUDA_ERROR_INVALID_VALUE;
    bool dependent = false;
    if (CUresult result = read_attributes(config, dependent); result != CUDA_SUCCESS)
        return result;
    if (CUresult result = dependent ? refuse_dependent(state, *function, *stream) : CUDA_SUCCESS; result != CUDA_SUCCESS)
        return result;
    CUresult result = enqueue(stream, std::make_shared<LaunchOperation>(kernel, grid, block, parameters));
    state.counters.launches++;
    state.counters.dependent_launches += dependent;
    return result;
}

} // namespace

CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
    unsigned block_z, unsigned shared_bytes, CUstream stream, void** parameters, void** extra)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUlaunchConfig config{grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, nullptr, 0};
        return launch(state, config, function, parameters, extra);
    });
}

// A dependent launch runs in its turn here.
CUresult cuLaunchKernelEx(const CUlaunchConfig* config, CUfunction function, void** parameters, void** extra)
{
    return context_call([&](Driver& state, CUctx_st&) {
        return config == nullptr ? CUDA_ERROR_INVALID_VALUE : launch(state, *config, function, parameters, extra);
    });
}
