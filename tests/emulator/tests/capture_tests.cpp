// Capture and replay.
#include "session.h"

#include <thread>

namespace
{

void begin(const Session& session, CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)
{
    CHECK_OK(cuStreamBeginCapture_v2(session.stream, mode));
}

CUstreamCaptureStatus status(const Session& session)
{
    CUstreamCaptureStatus status{};
    CHECK_OK(cuStreamIsCapturing(session.stream, &status));
    return status;
}

void check_broken(const Session& session)
{
    CHECK(status(session) == CU_STREAM_CAPTURE_STATUS_INVALIDATED);
    CUgraph graph = nullptr;
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(session.stream, &graph));
    CHECK(graph == nullptr && status(session) == CU_STREAM_CAPTURE_STATUS_NONE);
    session.synchronise();
}

} // namespace

TEST(a_captured_step_replays)
{
    Session session;
    constexpr uint32_t count = 128;
    Buffer<float> x(session, count_up(count)), y(session, count);
    std::vector<float> got(count);
    float scratch = 0;
    uint32_t argument = count;
    begin(session);
    CHECK(status(session) == CU_STREAM_CAPTURE_STATUS_ACTIVE);
    session.launch("sound_scale", 1, 128, {&x.pointer, &y.pointer, &argument});
    session.launch("sound_scale", 1, 128, {&y.pointer, &x.pointer, &argument});
    CHECK_OK(cuMemcpyDtoHAsync_v2(got.data(), x.pointer, x.bytes(), session.stream));
    CHECK_OK(cuMemsetD8Async(y.pointer, 0, y.bytes(), session.stream));
    CUgraph graph = nullptr;
    CHECK_OK(cuStreamEndCapture(session.stream, &graph));
    argument = 0; // the graph keeps what it was given
    scratch = x.read()[0];
    CHECK(scratch == 1); // nothing ran

    size_t nodes = 0;
    CHECK_OK(cuGraphGetNodes(graph, nullptr, &nodes));
    CHECK(nodes == 4);
    CUgraphExec step = nullptr;
    reste_emulator_take(uint64_t(1) << 40);
    CHECK_CODE(CUDA_ERROR_OUT_OF_MEMORY, cuGraphInstantiateWithFlags(&step, graph, 0));
    reste_emulator_take(0);
    CHECK_OK(cuGraphInstantiateWithFlags(&step, graph, 0));
    CHECK_OK(cuGraphDestroy(graph));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuGraphGetNodes(graph, nullptr, &nodes));
    for (int i = 0; i < 3; i++)
        CHECK_OK(cuGraphLaunch(step, session.stream));
    CHECK_OK(cuGraphExecDestroy(step)); // what is pending goes on
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuGraphLaunch(step, session.stream));
    session.synchronise();
    CHECK(got[0] == 64 && got[127] == 64.0f * 128);
    CHECK(reste_emulator_count("launches") == 2 && reste_emulator_count("graph_launches") == 3);
}

TEST(a_wait_breaks_a_capture)
{
    Session session;
    begin(session);
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamSynchronize(session.stream));
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuMemsetD8Async(0, 0, 0, session.stream));
    check_broken(session);
    begin(session, CU_STREAM_CAPTURE_MODE_RELAXED);
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuCtxSynchronize());
    check_broken(session);
}

TEST(unsafe_calls_break_a_capture_by_its_mode)
{
    Session session;
    CUdeviceptr memory = 0;
    auto from_another_thread = [&](CUresult expected) {
        std::thread([&] {
            CHECK_OK(cuCtxSetCurrent(session.context));
            CHECK_CODE(expected, cuMemAlloc_v2(&memory, 4));
        }).join();
    };
    begin(session, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
    from_another_thread(CUDA_SUCCESS);
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuMemAlloc_v2(&memory, 4));
    check_broken(session);

    begin(session, CU_STREAM_CAPTURE_MODE_GLOBAL);
    from_another_thread(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    check_broken(session);

    begin(session, CU_STREAM_CAPTURE_MODE_RELAXED);
    CHECK_OK(cuMemAlloc_v2(&memory, 4));
    CUgraph graph = nullptr;
    CHECK_OK(cuStreamEndCapture(session.stream, &graph));
}

TEST(events_during_a_capture)
{
    Session session;
    CUevent outside = nullptr, inside = nullptr;
    CHECK_OK(cuEventCreate(&outside, 0));
    CHECK_OK(cuEventCreate(&inside, 0));
    CHECK_OK(cuEventRecord(outside, session.stream));
    begin(session);
    CHECK_OK(cuEventRecord(inside, session.stream));
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuEventQuery(outside));
    check_broken(session);
    CHECK_CODE(CUDA_ERROR_CAPTURED_EVENT, cuEventQuery(inside));
    CHECK_OK(cuEventQuery(outside));
}

TEST(waits_for_events_during_a_capture)
{
    Session session;
    CUevent outside = nullptr, inside = nullptr;
    CHECK_OK(cuEventCreate(&outside, 0));
    CHECK_OK(cuEventCreate(&inside, 0));
    CHECK_OK(cuEventRecord(outside, session.stream));
    begin(session);
    CHECK_OK(cuEventRecord(inside, session.stream));
    CHECK_OK(cuStreamWaitEvent(session.stream, inside, 0));
    CHECK_CODE(CUDA_ERROR_NOT_SUPPORTED, cuStreamWaitEvent(nullptr, inside, 0));
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, cuStreamWaitEvent(session.stream, outside, 0));
    check_broken(session);
}

TEST(captures_that_cannot_begin_or_end)
{
    Session session;
    CUgraph graph = nullptr;
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamBeginCapture_v2(nullptr, CU_STREAM_CAPTURE_MODE_RELAXED));
    CHECK_CODE(CUDA_ERROR_ILLEGAL_STATE, cuStreamEndCapture(session.stream, &graph));
    begin(session);
    CHECK_CODE(CUDA_ERROR_ILLEGAL_STATE, cuStreamBeginCapture_v2(session.stream, CU_STREAM_CAPTURE_MODE_RELAXED));
    std::thread([&] {
        CHECK_OK(cuCtxSetCurrent(session.context));
        CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, cuStreamEndCapture(session.stream, &graph));
    }).join();
    CHECK_OK(cuStreamEndCapture(session.stream, &graph));
    size_t nodes = 1;
    CHECK_OK(cuGraphGetNodes(graph, nullptr, &nodes));
    CHECK(nodes == 0);
}

TEST(the_null_stream_disturbs_blocking_captures)
{
    Session session;
    Buffer<uint32_t> y(session, 1);
    begin(session); // not a blocking stream
    CHECK_OK(cuMemsetD8Async(y.pointer, 0, 4, nullptr));
    CUgraph graph = nullptr;
    CHECK_OK(cuStreamEndCapture(session.stream, &graph));
    CUstream blocking = nullptr;
    CHECK_OK(cuStreamCreate(&blocking, 0));
    CHECK_OK(cuStreamBeginCapture_v2(blocking, CU_STREAM_CAPTURE_MODE_RELAXED));
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, cuMemsetD8Async(y.pointer, 0, 4, nullptr));
    CHECK_CODE(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(blocking, &graph));
}
