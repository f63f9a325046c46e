// Streams. Their work waits until somebody waits for it, so a host that forgets to wait sees old memory here as it may on a device.
#include "driver.h"

using namespace reste;

CUresult cuStreamCreate(CUstream* stream, unsigned flags)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (stream == nullptr || (flags & ~CU_STREAM_NON_BLOCKING) != 0)
            return CUDA_ERROR_INVALID_VALUE;
        auto made = std::make_unique<CUstream_st>();
        made->context = &context;
        made->flags = flags;
        *stream = state.streams.add(std::move(made));
        return CUDA_SUCCESS;
    });
}

CUresult cuStreamDestroy_v2(CUstream stream)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (!state.streams.has(stream))
            return CUDA_ERROR_INVALID_HANDLE;
        CUresult result = drain(*stream);
        state.streams.remove(stream);
        return result;
    });
}

CUresult cuStreamSynchronize(CUstream handle)
{
    return context_call([&](Driver&, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr)
            return CUDA_ERROR_INVALID_HANDLE;
        if (CUresult result = refuse_if_capturing(*stream); result != CUDA_SUCCESS)
            return result;
        return drain(*stream);
    });
}
