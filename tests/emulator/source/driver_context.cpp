// Primary contexts: one a device, alive while someone retains it.
#include "driver.h"

#include <stdlib.h>

using namespace reste;

namespace
{

__thread CUcontext thread_context;

bool is_context(const Driver& state, CUcontext context)
{
    for (auto& known : state.contexts)
        if (known.get() == context)
            return true;
    return false;
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
