// Kernels that break a rule: the launch fails for good, and one line says why.
#include "session.h"

namespace
{

void check_failure(const char* kernel, unsigned block, std::initializer_list<const char*> words)
{
    Session session;
    Buffer<float> x(session, count_up(256)), y(session, 256);
    uint32_t count = 256;
    bool own_kernel = std::string(kernel).rfind("test_", 0) == 0;
    std::string text = stderr_of([&] {
        if (own_kernel)
            session.launch(kernel, 1, block, {&y.pointer});
        else
            session.launch(kernel, 1, block, {&x.pointer, &y.pointer, &count});
        CHECK_CODE(CUDA_ERROR_LAUNCH_FAILED, cuStreamSynchronize(session.stream));
    });
    printf("%s", text.c_str());
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find(kernel) != std::string::npos && text.find("block (0,0,0)") != std::string::npos);
    for (const char* word : words)
        CHECK(text.find(word) != std::string::npos);
    CUdeviceptr more = 0;
    CHECK_CODE(CUDA_ERROR_LAUNCH_FAILED, cuMemAlloc_v2(&more, 4)); // and it stays
    CHECK_CODE(CUDA_ERROR_LAUNCH_FAILED, cuCtxSynchronize());
}

} // namespace

TEST(threads_that_end_above_a_barrier_fail_the_launch)
{
    check_failure("broken_divergent_barrier", 128,
        {"64 ended (the first is 64)", "64 waiting at __syncthreads (broken_divergent_barrier.cu:"});
}

TEST(two_operations_in_one_warp_fail_the_launch)
{
    check_failure("test_mixed_operations", 32, {"thread 16 waits at __ballot_sync", "wait at __shfl_sync"});
}

TEST(a_lane_outside_the_mask_cannot_be_read)
{
    check_failure("test_absent_lane", 32, {"reads lane 20, which is not in the mask 0x0000ffff"});
}

TEST(a_lane_cannot_leave_itself_out)
{
    check_failure("test_own_lane_missing", 32, {"thread 0 calls __ballot_sync", "0xfffffffe"});
}

TEST(two_barriers_in_one_block_fail_the_launch)
{
    check_failure("test_two_barriers", 64, {"thread 32 waits at __syncthreads"});
}

TEST(a_full_mask_below_an_early_return_fails_the_launch)
{
    check_failure("test_early_return", 32, {"16 ended", "16 waiting at __ballot_sync", "with the mask 0xffffffff"});
}

TEST(an_unwritten_tail_stays_poisoned)
{
    Session session;
    constexpr uint32_t count = 200;
    Buffer<float> x(session, count_up(count)), y(session, count);
    session.launch("broken_unwritten_tail", 2, 128, {&x.pointer, &y.pointer, &count});
    std::vector<float> got = y.read();
    CHECK(got[127] == 256.0f && got[128] != got[128] && got[199] != got[199]);
}

TEST(swapped_pointers_spoil_the_input)
{
    Session session;
    constexpr uint32_t count = 128;
    Buffer<float> x(session, count_up(count)), y(session, count);
    session.launch("broken_swapped_pointers", 1, 128, {&x.pointer, &y.pointer, &count});
    CHECK(y.read()[0] != y.read()[0] && x.read()[0] != 1.0f);
}

TEST(a_fault_can_be_asked_for)
{
    setenv("RESTE_EMULATOR_FAULT", "sound_scale", 1);
    Session session;
    constexpr uint32_t count = 128;
    Buffer<float> x(session, count_up(count)), y(session, count);
    session.launch("sound_block_sum", 1, 128, {&x.pointer, &y.pointer, &count});
    session.synchronise();
    session.launch("sound_scale", 1, 128, {&x.pointer, &y.pointer, &count}); // surfaces later
    CHECK_CODE(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(session.stream));
    CHECK_CODE(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(session.stream));
    CHECK_CODE(CUDA_ERROR_ILLEGAL_ADDRESS, cuMemFree_v2(x.pointer));
}
