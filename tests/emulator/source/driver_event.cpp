// Events: marks in a stream, with the time at which they were reached.
#include "driver.h"

using namespace reste;

namespace
{

// Calls that look at an event's progress. Every capture that cares about unsafe calls is broken by them.
CUresult check_event(Driver& state, CUevent event)
{
    if (!state.events.has(event))
        return CUDA_ERROR_INVALID_HANDLE;
    if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
        return result;
    return event->in_capture ? CUDA_ERROR_CAPTURED_EVENT : CUDA_SUCCESS;
}

} // namespace

CUresult cuEventCreate(CUevent* event, unsigned flags)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (event == nullptr || flags > 7)
            return CUDA_ERROR_INVALID_VALUE;
        auto made = std::make_unique<CUevent_st>();
        made->context = &context;
        made->flags = flags;
        *event = state.events.add(std::move(made));
        return CUDA_SUCCESS;
    });
}

CUresult cuEventDestroy_v2(CUevent event)
{
    return context_call(
        [&](Driver& state, CUctx_st&) { return state.events.remove(event) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE; });
}

CUresult cuEventRecord(CUevent event, CUstream handle)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr || !state.events.has(event) || event->context != stream->context)
            return CUDA_ERROR_INVALID_HANDLE;
        event->in_capture = stream->capture != CU_STREAM_CAPTURE_STATUS_NONE;
        if (event->in_capture) // marks a dependency; it makes no node and never happens
            return stream->capture == CU_STREAM_CAPTURE_STATUS_ACTIVE ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        event->stream = stream;
        uint64_t record = ++event->state->asked;
        return enqueue(stream, std::make_shared<RecordOperation>(event->state, record));
    });
}

// The wait is for the last record put into a stream before this call; an event that was never recorded is no reason to wait.
CUresult cuStreamWaitEvent(CUstream handle, CUevent event, unsigned flags)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr || !state.events.has(event))
            return CUDA_ERROR_INVALID_HANDLE;
        if (flags != 0)
            return CUDA_ERROR_INVALID_VALUE;
        bool captures = stream->capture == CU_STREAM_CAPTURE_STATUS_ACTIVE;
        if (captures && event->in_capture) // a dependency inside the capture, which runs in order anyway
            return CUDA_SUCCESS;
        if (event->in_capture) // a real stream would join the capture
            return CUDA_ERROR_NOT_SUPPORTED;
        if (captures)
        {
            break_capture(*stream);
            return CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
        }
        if (event->state->asked == 0)
            return CUDA_SUCCESS;
        return enqueue(stream, std::make_shared<WaitOperation>(event->state, event->state->asked, event->stream));
    });
}

// Lets the device get on by one operation, so that a host which polls sees both answers and comes to an end.
CUresult cuEventQuery(CUevent event)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (CUresult result = check_event(state, event); result != CUDA_SUCCESS)
            return result;
        if (!event->state->is_done())
            if (CUresult result = run_oldest(*event->stream); result != CUDA_SUCCESS)
                return result;
        return event->state->is_done() ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    });
}

CUresult cuEventSynchronize(CUevent event)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUresult result = check_event(state, event);
        while (result == CUDA_SUCCESS && !event->state->is_done())
            result = run_oldest(*event->stream);
        return result;
    });
}

CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (milliseconds == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        for (CUevent event : {start, end})
            if (!state.events.has(event) || event->state->asked == 0 || (event->flags & CU_EVENT_DISABLE_TIMING) != 0)
                return CUDA_ERROR_INVALID_HANDLE;
        if (!start->state->is_done() || !end->state->is_done())
            return CUDA_ERROR_NOT_READY;
        std::chrono::duration<float, std::milli> elapsed = end->state->time - start->state->time;
        *milliseconds = elapsed.count();
        return CUDA_SUCCESS;
    });
}
