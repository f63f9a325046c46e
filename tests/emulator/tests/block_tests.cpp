// Launches, barriers, order, shared memory.
#include "session.h"

#include <algorithm>

namespace
{

std::vector<float> block_sums(const Session& session, const char* kernel, int order)
{
    constexpr uint32_t count = 1000;
    Buffer<float> x(session, count_up(count)), y(session, 8);
    reste_emulator_set_order(order, 7);
    session.launch(kernel, 8, 128, {&x.pointer, &y.pointer, &count});
    return y.read();
}

struct Turns
{
    std::vector<uint32_t> before, after; // the barrier
};

Turns turns(const Session& session, int order, uint64_t seed)
{
    constexpr unsigned grid = 3, block = 64, threads = grid * block;
    Buffer<uint32_t> counter(session, std::vector<uint32_t>{0}), y(session, 2 * threads);
    reste_emulator_set_order(order, seed);
    session.launch("test_turns", grid, block, {&counter.pointer, &y.pointer});
    std::vector<uint32_t> all = y.read();
    return {{all.begin(), all.begin() + threads}, {all.begin() + threads, all.end()}};
}

} // namespace

TEST(every_thread_of_a_grid_runs_once_in_its_place)
{
    Session session;
    constexpr uint32_t threads = 3 * 4 * 5 * 8 * 4 * 2;
    Buffer<uint32_t> y(session, threads);
    void* parameters[] = {&y.pointer};
    CHECK_OK(cuLaunchKernel(session.function("test_place"), 3, 4, 5, 8, 4, 2, 0, session.stream, parameters, nullptr));
    std::vector<uint32_t> values = y.read();
    for (uint32_t i = 0; i < threads; i++)
        CHECK(values[i] == i);
}

TEST(large_grids_are_spread_over_host_threads)
{
    setenv("RESTE_EMULATOR_THREADS", "4", 1);
    Session session;
    constexpr uint32_t block = 256, grid = 5000, threads = grid * block;
    for (int round = 0; round < 5; round++)
    {
        Buffer<uint32_t> y(session, threads);
        reste_emulator_set_order(round % 3, uint64_t(round));
        session.launch("test_place", grid, block, {&y.pointer});
        std::vector<uint32_t> values = y.read();
        for (uint32_t i = 0; i < threads; i++)
            CHECK(values[i] == i);
    }
}

TEST(barriers_work_for_every_block_size)
{
    Session session;
    for (uint32_t block = 1; block <= 1024; block += block < 70 ? 1 : 53)
    {
        constexpr uint32_t rounds = 5, grid = 3;
        Buffer<uint32_t> y(session, grid * block);
        reste_emulator_set_order(int(block % 3), block);
        session.launch("test_barriers", grid, block, {&y.pointer, &rounds});
        for (uint32_t value : y.read())
            CHECK(value == 0 + 1 + 2 + 3 + 4);
    }
}

TEST(sound_kernels_cannot_tell_the_order)
{
    Session session;
    std::vector<float> forward = block_sums(session, "sound_block_sum", 0);
    CHECK(forward[0] == 128.0f * 129 / 2);
    CHECK(forward == block_sums(session, "sound_block_sum", 1));
    CHECK(forward == block_sums(session, "sound_block_sum", 2));
}

TEST(a_missing_barrier_shows_in_some_order)
{
    Session session;
    std::vector<float> right = block_sums(session, "sound_block_sum", 0);
    CHECK(right != block_sums(session, "broken_missing_barrier", 0));
    CHECK(right != block_sums(session, "broken_missing_barrier", 2));
}

TEST(forward_order_is_ascending)
{
    setenv("RESTE_EMULATOR_THREADS", "1", 1);
    Session session;
    Turns seen = turns(session, 0, 0);
    for (uint32_t i = 0; i < 192; i++)
        CHECK(seen.before[i] == i / 64 * 128 + i % 64 && seen.after[i] == seen.before[i] + 64);
}

TEST(reverse_order_is_descending)
{
    setenv("RESTE_EMULATOR_THREADS", "1", 1);
    Session session;
    Turns seen = turns(session, 1, 0);
    for (uint32_t i = 0; i < 192; i++)
        CHECK(seen.before[i] == (2 - i / 64) * 128 + 63 - i % 64 && seen.after[i] == seen.before[i] + 64);
}

TEST(shuffled_order_follows_the_seed)
{
    setenv("RESTE_EMULATOR_THREADS", "1", 1);
    Session session;
    Turns first = turns(session, 2, 1), again = turns(session, 2, 1), other = turns(session, 2, 2);
    CHECK(first.before == again.before && first.after == again.after);
    CHECK(first.before != other.before);
    CHECK(!std::is_sorted(first.before.begin(), first.before.begin() + 64));
    std::vector<uint32_t> all = first.before;
    all.insert(all.end(), first.after.begin(), first.after.end());
    std::sort(all.begin(), all.end());
    for (uint32_t i = 0; i < all.size(); i++)
        CHECK(all[i] == i);
}

TEST(the_environment_sets_the_order)
{
    setenv("RESTE_EMULATOR_THREADS", "1", 1);
    setenv("RESTE_EMULATOR_ORDER", "reverse", 1);
    Session session;
    Buffer<uint32_t> counter(session, std::vector<uint32_t>{0}), y(session, 128);
    session.launch("test_turns", 1, 64, {&counter.pointer, &y.pointer});
    CHECK(y.read()[63] == 0);
}

TEST(every_block_starts_with_poisoned_shared_memory)
{
    setenv("RESTE_EMULATOR_THREADS", "3", 1);
    Session session;
    Buffer<uint32_t> y(session, 2000 * 64);
    for (int launch = 0; launch < 3; launch++)
    {
        session.launch("test_poison", 2000, 64, {&y.pointer});
        for (uint32_t value : y.read())
            CHECK(value == 0xFFFFFFFFu);
    }
}

// The size is that of the file's shared variables and nothing else: 64 words, 64 float4, 256 floats, one byte to find them by, padding.
TEST(a_kernel_file_has_its_shared_variables_and_no_others)
{
    Session session;
    int bytes = 0;
    CHECK_OK(cuFuncGetAttribute(&bytes, 1, session.function("test_poison")));
    CHECK(bytes > 64 * 4 + 64 * 16 + 256 * 4 && bytes <= 64 * 4 + 64 * 16 + 256 * 4 + 64);
    CHECK_OK(cuFuncGetAttribute(&bytes, 1, session.function("sound_scale")));
    CHECK(bytes <= 16);
    CHECK_OK(cuFuncGetAttribute(&bytes, 0, session.function("test_poison")));
    CHECK(bytes == 64);
}

TEST(poisoning_leaves_the_rest_of_the_thread_alone)
{
    static thread_local uint32_t mine = 12345;
    Session session;
    Buffer<uint32_t> y(session, 64);
    session.launch("test_poison", 1, 64, {&y.pointer});
    session.synchronise();
    CHECK(mine == 12345);
}

TEST(arguments_are_copied_at_the_launch)
{
    struct Geometry
    {
        uint32_t a, b, c;
    };
    Session session;
    Buffer<double> y(session, 6);
    uint32_t a = 1;
    Geometry geometry{2, 3, 4};
    float b = 5.5f;
    int32_t c = -6;
    session.launch("test_arguments", 1, 32, {&y.pointer, &a, &geometry, &b, &c});
    a = 0, geometry = {}, b = 0, c = 0; // the kernel has not run yet
    CHECK((y.read() == std::vector<double>{1, 2, 3, 4, 5.5, -6}));
}

TEST(the_vocabulary_computes_as_a_device_does)
{
    Session session;
    Buffer<float> y(session, 16);
    session.launch("test_vocabulary", 1, 1, {&y.pointer});
    std::vector<float> got = y.read();
    float infinity = __builtin_inff();
    const float expected[] = {1, 2, -infinity, infinity, 9, 7, 16, 15, 1, 127, 14, 14, 8};
    for (int i = 0; i < 13; i++)
        CHECK(got[size_t(i)] == expected[i]);
}
