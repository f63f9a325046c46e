// Contexts: the primary one of each device, alive while someone retains it, and those that a program makes for itself.
#include "driver.h"

#include <algorithm>
#include <stdlib.h>

using namespace reste;

namespace
{

__thread CUcontext thread_context;

bool is_context(const Driver& state, CUcontext context)
{
    auto is_it = [&](const std::unique_ptr<CUctx_st>& known) { return known.get() == context; };
    return std::any_of(state.contexts.begin(), state.contexts.end(), is_it)
        || std::any_of(state.created.begin(), state.created.end(), is_it);
}

void free_memory_of(Driver& state, CUcontext context)
{
    for (auto i = state.device_memory.begin(); i != state.device_memory.end();)
    {
        if (i->second.context != context)
        {
            ++i;
            continue;
        }
        state.counters.bytes -= i->second.bytes;
        free(reinterpret_cast<void*>(i->first));
        i = state.device_memory.erase(i);
    }
    for (auto i = state.host_memory.begin(); i != state.host_memory.end();)
    {
        if (i->second != context)
        {
            ++i;
            continue;
        }
        free(i->first);
        i = state.host_memory.erase(i);
    }
}

// Everything made in the context goes with it, as on a device.
void destroy_contents(Driver& state, CUcontext context)
{
    drain(context);
    context->null_stream.pending.clear(); // left over only after a failure
    state.streams.remove_all_of(context);
    state.events.remove_all_of(context);
    state.executables.remove_all_of(context);
    state.graphs.remove_all_of(context);
    state.functions.remove_all_of(context);
    state.modules.remove_all_of(context);
    free_memory_of(state, context);
    context->bytes_used = 0;
}

} // namespace

bool reste::is_alive(CUcontext context)
{
    return context != nullptr && is_context(driver(), context) && context->retained != 0;
}

CUcontext reste::current_context()
{
    return thread_context;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device)
{
    return initialised_call([&](Driver& state) {
        if (context == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        if (device < 0 || size_t(device) >= state.contexts.size())
            return CUDA_ERROR_INVALID_DEVICE;
        *context = state.contexts[size_t(device)].get();
        (*context)->retained++;
        return CUDA_SUCCESS;
    });
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device)
{
    return initialised_call([&](Driver& state) {
        if (device < 0 || size_t(device) >= state.contexts.size())
            return CUDA_ERROR_INVALID_DEVICE;
        CUcontext context = state.contexts[size_t(device)].get();
        if (context->retained == 0)
            return CUDA_ERROR_INVALID_CONTEXT;
        if (--context->retained == 0)
            destroy_contents(state, context);
        return CUDA_SUCCESS;
    });
}

CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active)
{
    return initialised_call([&](Driver& state) {
        if (flags == nullptr || active == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        if (device < 0 || size_t(device) >= state.contexts.size())
            return CUDA_ERROR_INVALID_DEVICE;
        *flags = 0;
        *active = state.contexts[size_t(device)]->retained != 0;
        return CUDA_SUCCESS;
    });
}

CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device)
{
    return initialised_call([&](Driver& state) {
        if (context == nullptr || flags != 0)
            return CUDA_ERROR_INVALID_VALUE;
        if (device < 0 || size_t(device) >= state.contexts.size())
            return CUDA_ERROR_INVALID_DEVICE;
        state.created.push_back(std::make_unique<CUctx_st>(device));
        *context = thread_context = state.created.back().get();
        (*context)->retained = 1;
        return CUDA_SUCCESS;
    });
}

CUresult cuCtxDestroy_v2(CUcontext context)
{
    return initialised_call([&](Driver& state) {
        auto found = std::find_if(state.created.begin(), state.created.end(), [&](auto& known) { return known.get() == context; });
        if (found == state.created.end())
            return CUDA_ERROR_INVALID_CONTEXT;
        destroy_contents(state, context);
        if (thread_context == context)
            thread_context = nullptr;
        state.created.erase(found);
        return CUDA_SUCCESS;
    });
}

CUresult cuCtxGetDevice(CUdevice* device)
{
    return context_call([&](Driver&, CUctx_st& context) {
        if (device == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        *device = context.device;
        return CUDA_SUCCESS;
    });
}

CUresult cuCtxSetCurrent(CUcontext context)
{
    return initialised_call([&](Driver& state) {
        if (context != nullptr && (!is_context(state, context) || context->retained == 0))
            return CUDA_ERROR_INVALID_CONTEXT;
        thread_context = context;
        return CUDA_SUCCESS;
    });
}

CUresult cuCtxSynchronize()
{
    return context_call([](Driver&, CUctx_st& context) {
        if (CUresult result = refuse_if_any_capturing(&context); result != CUDA_SUCCESS)
            return result;
        return drain(&context);
    });
}
