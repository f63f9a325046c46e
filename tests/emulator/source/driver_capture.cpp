// Capturing a stream's work into a graph.
#include "driver.h"

using namespace reste;

CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (stream == nullptr)
            return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        if (!state.streams.has(stream))
            return CUDA_ERROR_INVALID_HANDLE;
        if (mode < CU_STREAM_CAPTURE_MODE_GLOBAL || mode > CU_STREAM_CAPTURE_MODE_RELAXED)
            return CUDA_ERROR_INVALID_VALUE;
        if (stream->capture != CU_STREAM_CAPTURE_STATUS_NONE)
            return CUDA_ERROR_ILLEGAL_STATE;
        stream->capture = CU_STREAM_CAPTURE_STATUS_ACTIVE;
        stream->capture_mode = mode;
        stream->capture_thread = std::this_thread::get_id();
        stream->captured.clear();
        return CUDA_SUCCESS;
    });
}

CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (graph == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        *graph = nullptr;
        if (!state.streams.has(stream))
            return CUDA_ERROR_INVALID_HANDLE;
        if (stream->capture == CU_STREAM_CAPTURE_STATUS_NONE)
            return CUDA_ERROR_ILLEGAL_STATE;
        if (stream->capture_mode != CU_STREAM_CAPTURE_MODE_RELAXED && stream->capture_thread != std::this_thread::get_id())
            return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
        bool broken = stream->capture == CU_STREAM_CAPTURE_STATUS_INVALIDATED;
        stream->capture = CU_STREAM_CAPTURE_STATUS_NONE;
        if (broken)
            return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        *graph = state.graphs.add(std::unique_ptr<CUgraph_st>(new CUgraph_st{&context, std::move(stream->captured)}));
        stream->captured.clear();
        return CUDA_SUCCESS;
    });
}

CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status)
{
    return context_call([&](Driver&, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr)
            return CUDA_ERROR_INVALID_HANDLE;
        if (status == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        *status = stream->capture;
        return CUDA_SUCCESS;
    });
}
