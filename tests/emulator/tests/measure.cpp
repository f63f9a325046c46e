// Prints what the emulation costs on this machine.
#include "session.h"

#include <algorithm>
#include <chrono>

namespace
{

// Nanoseconds a unit, the best of a few runs on a single host thread.
void measure(const Session& session, const char* what, const char* kernel, unsigned grid, unsigned block,
    std::initializer_list<const void*> arguments, double units)
{
    double best = 1e30;
    for (int run = 0; run < 20; run++)
    {
        auto start = std::chrono::steady_clock::now();
        session.launch(kernel, grid, block, arguments);
        session.synchronise();
        std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
        best = std::min(best, elapsed.count() / units);
    }
    printf("%-44s %7.2f ns\n", what, best);
}

} // namespace

TestCase* TestCase::first = nullptr;

int main()
{
    setenv("RESTE_EMULATOR_THREADS", "1", 1);
    Session session;
    Buffer<uint32_t> y(session, 1 << 20);
    Buffer<float> a(session, count_up(4096)), b(session, count_up(4096));
    uint32_t rounds = 1000, count = 4096;
    measure(session, "a thread that never waits", "test_nothing", 4096, 256, {&y.pointer}, 1 << 20);
    measure(session, "a barrier a thread, blocks of 32", "test_barriers", 16, 32, {&y.pointer, &rounds}, 16.0 * 32 * rounds);
    measure(session, "a barrier a thread, blocks of 256", "test_barriers", 4, 256, {&y.pointer, &rounds}, 4.0 * 256 * rounds);
    measure(session, "a barrier a thread, blocks of 1024", "test_barriers", 2, 1024, {&y.pointer, &rounds}, 2.0 * 1024 * rounds);
    measure(session, "a shuffle a thread, blocks of 256", "test_many_shuffles", 4, 256, {&y.pointer, &rounds}, 4.0 * 256 * rounds);
    measure(session, "a multiply-add from shared memory", "test_multiply_add", 16, 256, {&a.pointer, &b.pointer, &y.pointer, &count},
        16.0 * 256 * count);
    reste_emulator_set_order(2, 1);
    measure(session, "a barrier a thread, blocks of 256, shuffled", "test_barriers", 4, 256, {&y.pointer, &rounds}, 4.0 * 256 * rounds);
    return 0;
}
