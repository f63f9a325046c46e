#include "driver.h"

namespace reste
{

namespace
{

// A host that runs further ahead of the device than this is stopped by a real driver, too.
constexpr size_t kMostPending = 256;

void invalidate(CUstream_st& stream)
{
    stream.capture = CU_STREAM_CAPTURE_STATUS_INVALIDATED;
    stream.captured.clear();
}

bool is_active(const CUstream_st& stream)
{
    return stream.capture == CU_STREAM_CAPTURE_STATUS_ACTIVE;
}

// The NULL stream would wait for every stream that does not ask to be left alone, and a capturing one cannot be waited for.
CUresult refuse_null_stream(CUstream_st& null_stream)
{
    CUresult result = CUDA_SUCCESS;
    driver().streams.for_each([&](CUstream_st& stream) {
        if (stream.context == null_stream.context && is_active(stream) && (stream.flags & CU_STREAM_NON_BLOCKING) == 0)
        {
            invalidate(stream);
            result = CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
        }
    });
    return result;
}

} // namespace

Driver& driver()
{
    static auto& instance = *new Driver; // never destroyed: calls may come from other libraries' destructors
    return instance;
}

CUstream find_stream(CUstream handle)
{
    if (handle == nullptr)
        return &current_context()->null_stream;
    return driver().streams.has(handle) ? handle : nullptr;
}

CUresult enqueue(CUstream stream, OperationPointer operation)
{
    if (stream->capture == CU_STREAM_CAPTURE_STATUS_INVALIDATED)
        return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    if (is_active(*stream))
    {
        stream->captured.push_back(std::move(operation));
        return CUDA_SUCCESS;
    }
    if (stream == &stream->context->null_stream)
        if (CUresult result = refuse_null_stream(*stream); result != CUDA_SUCCESS)
            return result;
    stream->pending.push_back({std::move(operation), current_order()});
    return stream->pending.size() > kMostPending ? run_oldest(*stream) : CUDA_SUCCESS;
}

CUresult run_oldest(CUstream_st& stream)
{
    if (driver().sticky != CUDA_SUCCESS || stream.pending.empty())
        return driver().sticky;
    CUstream_st::Pending oldest = std::move(stream.pending.front());
    stream.pending.pop_front();
    driver().sticky = oldest.operation->run(oldest.order);
    return driver().sticky;
}

CUresult drain(CUstream_st& stream)
{
    while (driver().sticky == CUDA_SUCCESS && !stream.pending.empty())
        run_oldest(stream);
    return driver().sticky;
}

CUresult drain(CUcontext context)
{
    drain(context->null_stream);
    driver().streams.for_each([&](CUstream_st& stream) {
        if (stream.context == context)
            drain(stream);
    });
    return driver().sticky;
}

CUresult refuse_during_capture()
{
    CUresult result = CUDA_SUCCESS;
    driver().streams.for_each([&](CUstream_st& stream) {
        bool mine = stream.capture_thread == std::this_thread::get_id();
        bool disturbed = stream.capture_mode == CU_STREAM_CAPTURE_MODE_GLOBAL
            || (stream.capture_mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL && mine);
        if (is_active(stream) && disturbed)
        {
            invalidate(stream);
            result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        }
    });
    return result;
}

CUresult refuse_if_capturing(CUstream_st& stream)
{
    if (stream.capture == CU_STREAM_CAPTURE_STATUS_NONE)
        return CUDA_SUCCESS;
    invalidate(stream);
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

void break_capture(CUstream_st& stream)
{
    if (stream.capture != CU_STREAM_CAPTURE_STATUS_NONE)
        invalidate(stream);
}

CUresult refuse_if_any_capturing(CUcontext context)
{
    CUresult result = CUDA_SUCCESS;
    driver().streams.for_each([&](CUstream_st& stream) {
        if (stream.context == context && refuse_if_capturing(stream) != CUDA_SUCCESS)
            result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    });
    return result;
}

} // namespace reste
