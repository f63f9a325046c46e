// Runs the blocks of a launch, on as many host threads as are worth waking.
#include "block.h"
#include "launch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace reste
{

namespace
{

// Waking another host thread costs some ten microseconds; a launch that is over by then stays on the caller.
constexpr auto kAlone = std::chrono::microseconds(30);

struct Grid
{
    const Launch& launch;
    Order order;
    BlockOrder block_order;
    uint64_t blocks;
    std::atomic<uint64_t> next{0};
    std::atomic<bool> failed{false};

    Grid(const Launch& launch, Order order) : launch(launch), order(order), block_order(order, launch.blocks()), blocks(launch.blocks()) {}

    // False when there was none left.
    bool run_one(BlockRunner& runner)
    {
        uint64_t place = next.fetch_add(1, std::memory_order_relaxed);
        if (place >= blocks || failed.load(std::memory_order_relaxed))
            return false;
        uint64_t block = block_order.block_at(place);
        if (!runner.run(launch, block, order) && !failed.exchange(true)) // the first to fail speaks
            report_failure(launch, launch.block_index(block), runner.failure());
        return true;
    }

    void run_all()
    {
        BlockRunner& runner = BlockRunner::of_this_host_thread();
        while (run_one(runner))
        {
        }
    }
};

// Host threads that wait for grids. They live as long as the process: a library cannot know when its last call has come.
class Helpers
{
public:
    void help(Grid& grid, unsigned helpers)
    {
        std::lock_guard guard(mutex_);
        for (; started_ < helpers; started_++)
            std::thread(&Helpers::serve, this).detach();
        grid_ = &grid;
        places_ = helpers;
        generation_++;
        wake_.notify_all();
    }

    void wait_until_done()
    {
        std::unique_lock guard(mutex_);
        grid_ = nullptr; // who wakes up now is too late
        idle_.wait(guard, [this] { return active_ == 0; });
    }

private:
    void serve()
    {
        std::unique_lock guard(mutex_);
        for (uint64_t seen = 0;;)
        {
            wake_.wait(guard, [&] { return generation_ != seen; });
            seen = generation_;
            if (grid_ == nullptr || places_ == 0)
                continue;
            Grid& grid = *grid_;
            places_--;
            active_++;
            guard.unlock();
            grid.run_all();
            guard.lock();
            if (--active_ == 0)
                idle_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_, idle_;
    Grid* grid_ = nullptr;
    uint64_t generation_ = 0;
    unsigned places_ = 0;
    unsigned active_ = 0;
    unsigned started_ = 0;
};

Helpers& helpers()
{
    static auto& instance = *new Helpers; // never destroyed: its threads may outlive main
    return instance;
}

} // namespace

bool run_grid(const Launch& launch, Order order, unsigned host_threads)
{
    Grid grid(launch, order);
    BlockRunner& runner = BlockRunner::of_this_host_thread();
    auto start = std::chrono::steady_clock::now();
    bool more = true;
    while (more && (host_threads <= 1 || std::chrono::steady_clock::now() - start < kAlone))
        more = grid.run_one(runner);
    uint64_t left = grid.blocks - std::min<uint64_t>(grid.blocks, grid.next);
    if (!more || left == 0)
        return !grid.failed;
    helpers().help(grid, unsigned(std::min<uint64_t>(host_threads - 1, left)));
    grid.run_all();
    helpers().wait_until_done();
    return !grid.failed;
}

} // namespace reste
