#include "block.h"

#include <memory>
#include <string.h>

__thread reste::Position reste_position __attribute__((tls_model("initial-exec")));

namespace reste
{

namespace
{

thread_local std::unique_ptr<BlockRunner> runner_owner;

} // namespace

__thread BlockRunner* BlockRunner::current_;

BlockRunner::BlockRunner() : fibers_(&BlockRunner::fiber_entry, this)
{
    describe_host_stack(host_);
}

BlockRunner& BlockRunner::of_this_host_thread()
{
    if (current_ == nullptr)
    {
        runner_owner = std::make_unique<BlockRunner>();
        current_ = runner_owner.get();
    }
    return *current_;
}

bool BlockRunner::run(const Launch& launch, uint64_t block, Order order)
{
    set_up(launch, block, order);
    switch_fiber(host_, fibers_.take());
    if (everyone_ended())
        return true;
    if (failure_.empty())
        failure_ = describe_standstill(threads_, count_);
    abandon();
    return false;
}

void BlockRunner::set_up(const Launch& launch, uint64_t block, Order order)
{
    launch_ = &launch;
    failure_.clear();
    ended_ = 0;
    set_block_size(launch.block());
    set_order(order, block);
    reste_position.block = launch.block_index(block);
    reste_position.block_size = size_;
    reste_position.grid_size = launch.grid();
    set_shared_memory(launch.kernel());
    make_all_ready();
}

void BlockRunner::set_block_size(uint3 size)
{
    if (size.x == size_.x && size.y == size_.y && size.z == size_.z)
        return;
    size_ = size;
    count_ = size.x * size.y * size.z;
    for (uint32_t i = 0; i < count_; i++)
        threads_[i].index = {i % size.x, i / size.x % size.y, i / size.x / size.y};
    ordered_ = 0;
}

void BlockRunner::set_order(Order order, uint64_t block)
{
    bool shuffle = order.mode == OrderMode::Shuffle;
    if (shuffle) // by the block's number, so that the host thread it falls to changes nothing
        random_ = Random(order.seed * 0x9E3779B97F4A7C15u + block);
    if (ordered_ == count_ && mode_ == order.mode && !shuffle)
        return;
    mode_ = order.mode;
    ordered_ = count_;
    for (uint32_t i = 0; i < count_; i++)
        order_[i] = uint16_t(mode_ == OrderMode::Reverse ? count_ - 1 - i : i);
}

void BlockRunner::set_shared_memory(const Kernel& kernel)
{
    if (shared_kernel_ != &kernel)
    {
        auto [found, is_new] = shared_.try_emplace(&kernel);
        if (is_new)
            found->second = find_shared_memory(kernel);
        current_shared_ = found->second;
        shared_kernel_ = &kernel;
    }
    current_shared_.poison();
}

// Only called when no thread is ready: at the start of a block and when all of them have met.
void BlockRunner::make_all_ready()
{
    if (mode_ == OrderMode::Shuffle)
        random_.shuffle(order_, count_);
    memcpy(ready_, order_, count_ * sizeof ready_[0]);
    head_ = 0;
    tail_ = count_;
}

void BlockRunner::fiber_entry(Fiber* fiber)
{
    enter_fiber();
    static_cast<BlockRunner*>(fiber->owner)->fiber_loop(*fiber);
}

// A thread that ends without waiting leaves its fiber to the next one, so a kernel that never waits runs on a single fiber.
void BlockRunner::fiber_loop(Fiber& self)
{
    for (;;)
    {
        if (!any_ready())
        {
            fibers_.give_back(self);
            switch_fiber(self, host_);
            continue;
        }
        Thread& next = first_ready();
        head_++;
        turn_to(next);
        if (next.fiber != nullptr)
        {
            fibers_.give_back(self);
            switch_fiber(self, *next.fiber);
            continue;
        }
        next.fiber = &self;
        launch_->kernel().invoke(launch_->arguments());
        next.fiber = nullptr;
        ended_++;
    }
}

void BlockRunner::turn_to(Thread& thread)
{
    running_ = &thread;
    reste_position.thread = thread.index;
}

// Gives the turn to the first ready thread, straight from fiber to fiber.
void BlockRunner::wait_for_turn()
{
    Thread& self = *running_;
    if (!any_ready())
        leave_for_good(); // a standstill
    Thread& next = first_ready();
    if (next.fiber == nullptr) // not started: the fiber takes it off the ring
        return switch_fiber(*self.fiber, fibers_.take());
    head_++;
    turn_to(next);
    // The stack of the thread after the next one is cold by now when blocks are large. With none there, some other stack is fetched.
    if (const Fiber* after = first_ready().fiber; after != nullptr)
        prefetch_stack(*after);
    if (&next != &self)
        switch_fiber(*self.fiber, *next.fiber);
}

inline void BlockRunner::barrier(const char* file, int line)
{
    running_->wait = {true, {}, line, file, 0};
    if (at_barrier_ == 0)
        barrier_line_ = line;
    else if (barrier_line_ != line)
        refuse_barrier();
    if (++at_barrier_ == count_)
    {
        at_barrier_ = 0;
        make_all_ready();
    }
    wait_for_turn();
}

void BlockRunner::blame_running_thread(const std::string& reason)
{
    failure_ = "thread " + std::to_string(number(*running_)) + " " + reason;
}

void BlockRunner::leave_for_good()
{
    switch_fiber(*running_->fiber, host_);
    __builtin_unreachable();
}

void BlockRunner::refuse_barrier()
{
    blame_running_thread(
        "waits at " + describe(running_->wait) + " while others wait at the one of line " + std::to_string(barrier_line_));
    leave_for_good();
}

// The failed block's threads stay where they are for ever; the runner is as new.
void BlockRunner::abandon()
{
    for (Thread& thread : threads_)
        thread.fiber = nullptr;
    for (Warp& warp : warps_)
        for (Meeting& meeting : warp.meetings)
            meeting.arrived = 0;
    at_barrier_ = 0;
    fibers_.restart_all();
}

} // namespace reste

void reste_barrier(const char* file, int line)
{
    reste::BlockRunner::current()->barrier(file, line);
}
