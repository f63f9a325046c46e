// Streams and events: work is done when somebody waits.
#include "session.h"

#include <thread>

TEST(work_waits_until_somebody_waits_for_it)
{
    Session session;
    Buffer<float> x(session, count_up(128)), y(session, 128);
    uint32_t count = 128;
    float seen = -1;
    session.launch("sound_scale", 1, 128, {&x.pointer, &y.pointer, &count});
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, sizeof seen, session.stream));
    CHECK(seen == -1);
    session.synchronise();
    CHECK(seen == 2);
}

TEST(copies_read_host_memory_when_they_run)
{
    Session session;
    Buffer<uint32_t> y(session, 1);
    uint32_t value = 1;
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &value, sizeof value, session.stream));
    value = 2;
    CHECK(y.read()[0] == 2);
}

TEST(a_stream_runs_by_itself_when_too_much_is_pending)
{
    Session session;
    Buffer<uint32_t> y(session, std::vector<uint32_t>{0});
    uint32_t seen = 5;
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, sizeof seen, session.stream));
    for (int i = 0; i < 255; i++)
        CHECK_OK(cuMemsetD8Async(y.pointer, 1, 4, session.stream));
    CHECK(seen == 5);
    CHECK_OK(cuMemsetD8Async(y.pointer, 1, 4, session.stream));
    CHECK(seen == 0);
}

TEST(streams_are_apart_and_destroying_one_drains_it)
{
    Session session;
    CUstream other = nullptr;
    CHECK_OK(cuStreamCreate(&other, 0));
    Buffer<uint32_t> y(session, 2);
    uint32_t first = 0, second = 0;
    CHECK_OK(cuMemcpyDtoHAsync_v2(&first, y.pointer, 4, other));
    CHECK_OK(cuMemcpyDtoHAsync_v2(&second, y.pointer, 4, session.stream));
    session.synchronise();
    CHECK(first == 0 && second == 0xFFFFFFFFu);
    CHECK_OK(cuStreamDestroy_v2(other));
    CHECK(first == 0xFFFFFFFFu);
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(other));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuStreamDestroy_v2(other));
}

TEST(the_null_stream_works)
{
    Session session;
    Buffer<uint32_t> y(session, 1);
    uint32_t seen = 0;
    CHECK_OK(cuMemsetD8Async(y.pointer, 7, 4, nullptr));
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, 4, nullptr));
    CHECK(seen == 0);
    CHECK_OK(cuCtxSynchronize());
    CHECK(seen == 0x07070707);
}

TEST(events_tell_progress_and_time)
{
    Session session;
    CUevent start = nullptr, end = nullptr;
    CHECK_OK(cuEventCreate(&start, 0));
    CHECK_OK(cuEventCreate(&end, 0));
    CHECK_OK(cuEventQuery(start)); // never recorded: nothing to wait for
    float elapsed = -1;
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&elapsed, start, end));
    Buffer<uint32_t> y(session, 1);
    CHECK_OK(cuEventRecord(start, session.stream));
    CHECK_OK(cuMemsetD8Async(y.pointer, 7, 4, session.stream));
    CHECK_OK(cuEventRecord(end, session.stream));
    CHECK_CODE(CUDA_ERROR_NOT_READY, cuEventElapsedTime(&elapsed, start, end));
    CHECK_CODE(CUDA_ERROR_NOT_READY, cuEventQuery(end)); // runs the first record
    CHECK_OK(cuEventQuery(start));
    CHECK_CODE(CUDA_ERROR_NOT_READY, cuEventQuery(end)); // runs the fill
    CHECK_OK(cuEventQuery(end));
    CHECK_OK(cuEventElapsedTime(&elapsed, start, end));
    CHECK(elapsed >= 0 && elapsed < 60000);
    CHECK_OK(cuEventRecord(end, session.stream));
    CHECK_OK(cuEventSynchronize(end));
    CHECK_OK(cuEventDestroy_v2(end));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuEventQuery(end));
}

TEST(an_event_may_be_destroyed_while_it_is_pending)
{
    Session session;
    CUevent event = nullptr;
    CHECK_OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
    CHECK_OK(cuEventRecord(event, session.stream));
    CHECK_OK(cuEventDestroy_v2(event));
    session.synchronise();
}

TEST(a_stream_waits_for_an_event_of_another)
{
    Session session;
    CUstream upload = nullptr;
    CUevent arrived = nullptr, never = nullptr;
    CHECK_OK(cuStreamCreate(&upload, CU_STREAM_NON_BLOCKING));
    CHECK_OK(cuEventCreate(&arrived, CU_EVENT_DISABLE_TIMING));
    CHECK_OK(cuEventCreate(&never, CU_EVENT_DISABLE_TIMING));
    Buffer<uint32_t> y(session, std::vector<uint32_t>{1});
    uint32_t sent = 2, later = 3, seen = 0;
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &sent, 4, upload));
    CHECK_OK(cuEventRecord(arrived, upload));
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &later, 4, upload)); // after the event: not waited for
    CHECK_OK(cuStreamWaitEvent(session.stream, never, 0));
    CHECK_OK(cuStreamWaitEvent(session.stream, arrived, 0));
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, 4, session.stream));
    CHECK(seen == 0); // nothing ran yet
    session.synchronise();
    CHECK(seen == 2);
    CHECK_OK(cuStreamSynchronize(upload));
    CHECK(y.read()[0] == 3);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuStreamWaitEvent(session.stream, arrived, 8));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuStreamWaitEvent(upload, nullptr, 0));
}

TEST(without_a_wait_streams_are_not_ordered)
{
    Session session;
    CUstream upload = nullptr;
    CHECK_OK(cuStreamCreate(&upload, CU_STREAM_NON_BLOCKING));
    Buffer<uint32_t> y(session, std::vector<uint32_t>{1});
    uint32_t sent = 2;
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &sent, 4, upload));
    CHECK(y.read()[0] == 1);
}

TEST(a_wait_holds_when_its_event_is_recorded_again_or_its_stream_is_gone)
{
    Session session;
    CUstream upload = nullptr;
    CUevent arrived = nullptr;
    CHECK_OK(cuStreamCreate(&upload, CU_STREAM_NON_BLOCKING));
    CHECK_OK(cuEventCreate(&arrived, CU_EVENT_DISABLE_TIMING));
    Buffer<uint32_t> y(session, std::vector<uint32_t>{1});
    uint32_t sent = 2, later = 3, seen = 0;
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &sent, 4, upload));
    CHECK_OK(cuEventRecord(arrived, upload));
    CHECK_OK(cuStreamWaitEvent(session.stream, arrived, 0));
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, 4, session.stream));
    CHECK_OK(cuMemcpyHtoDAsync_v2(y.pointer, &later, 4, upload));
    CHECK_OK(cuEventRecord(arrived, upload));
    session.synchronise();
    CHECK(seen == 2);
    CHECK_OK(cuStreamWaitEvent(session.stream, arrived, 0));
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, 4, session.stream));
    CHECK_OK(cuStreamDestroy_v2(upload));
    CHECK_OK(cuEventDestroy_v2(arrived));
    session.synchronise();
    CHECK(seen == 3);
}

TEST(host_threads_take_turns)
{
    Session session;
    auto work = [&] {
        CHECK_OK(cuCtxSetCurrent(session.context));
        CUstream stream = nullptr;
        CHECK_OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
        CUdeviceptr y = 0;
        uint32_t rounds = 4;
        std::vector<uint32_t> got(2560);
        CHECK_OK(cuMemAlloc_v2(&y, got.size() * 4));
        for (int i = 0; i < 50; i++)
        {
            void* parameters[] = {&y, &rounds};
            CHECK_OK(cuLaunchKernel(session.function("test_barriers"), 10, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr));
            CHECK_OK(cuMemcpyDtoHAsync_v2(got.data(), y, got.size() * 4, stream));
            CHECK_OK(cuStreamSynchronize(stream));
            for (uint32_t value : got)
                CHECK(value == 6);
        }
        CHECK_OK(cuMemFree_v2(y));
        CHECK_OK(cuStreamDestroy_v2(stream));
    };
    std::thread one(work), two(work), three(work);
    one.join();
    two.join();
    three.join();
}

TEST(a_program_may_make_a_context_of_its_own)
{
    CHECK_OK(cuInit(0));
    CUcontext own = nullptr;
    CUdevice device = -1;
    unsigned flags = 1;
    int active = -1;
    CHECK_OK(cuCtxCreate_v2(&own, 0, 0));
    CHECK_OK(cuCtxGetDevice(&device));
    CHECK(device == 0);
    CHECK_OK(cuDevicePrimaryCtxGetState(0, &flags, &active));
    CHECK(flags == 0 && active == 0);
    CUdeviceptr memory = 0;
    CHECK_OK(cuMemAlloc_v2(&memory, 64));
    CHECK_OK(cuMemsetD8Async(memory, 7, 64, nullptr));
    CHECK(reste_emulator_count("bytes") == 64);
    CHECK_OK(cuCtxDestroy_v2(own));
    CHECK(reste_emulator_count("bytes") == 0);
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuCtxSetCurrent(own));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy_v2(own));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc_v2(&memory, 64));
}

TEST(what_is_of_one_context_does_nothing_in_a_stream_of_another)
{
    Session session;
    CUcontext own = nullptr, owner = nullptr;
    CUstream other = nullptr;
    CUevent event = nullptr;
    Buffer<uint32_t> y(session, 1);
    CHECK_OK(cuEventCreate(&event, 0));
    CHECK_OK(cuCtxCreate_v2(&own, 0, 0));
    CHECK_OK(cuStreamCreate(&other, 0));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuEventRecord(event, other));
    uint32_t count = 0;
    const void* arguments[] = {&y.pointer, &y.pointer, &count};
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuLaunchKernel(session.function("sound_scale"), 1, 1, 1, 128, 1, 1, 0, other,
        const_cast<void**>(arguments), nullptr));
    CHECK_OK(cuPointerGetAttribute(&owner, 1, y.pointer));
    CHECK(owner == session.context);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuPointerGetAttribute(&owner, 1, y.pointer + y.bytes()));
    CHECK_OK(cuCtxDestroy_v2(own));
    CHECK_OK(cuCtxSetCurrent(session.context));
    CHECK_OK(cuEventRecord(event, session.stream));
}

TEST(copies_that_are_waited_for_are_there_at_once)
{
    Session session;
    Buffer<uint32_t> x(session, 2), y(session, 2);
    uint32_t values[] = {3, 4}, seen[] = {0, 0};
    CHECK_OK(cuMemcpyHtoD_v2(x.pointer, values, sizeof values));
    CHECK_OK(cuMemcpyDtoDAsync_v2(y.pointer, x.pointer, sizeof values, session.stream));
    CHECK_OK(cuMemcpyDtoH_v2(seen, y.pointer, sizeof seen));
    CHECK(seen[0] == 0xFFFFFFFFu); // the other stream has not begun
    session.synchronise();
    CHECK_OK(cuMemcpyDtoH_v2(seen, y.pointer, sizeof seen));
    CHECK(seen[0] == 3 && seen[1] == 4);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoDAsync_v2(y.pointer + 4, x.pointer, sizeof values, session.stream));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD_v2(x.pointer, nullptr, sizeof values));
    CHECK_OK(cuMemcpyDtoDAsync_v2(y.pointer, x.pointer, 0, session.stream));
}
