// Runs one block: its threads take turns on one host thread, each until it has to wait for others or ends.
#pragma once

#include "fiber_pool.h"
#include "launch.h"
#include "shared_memory.h"

#include <map>
#include <string>

namespace reste
{

constexpr uint32_t kMaxThreads = 1024;
constexpr uint32_t kLanes = 32;

// What a thread waits at. The file and line are those of the call in the kernel.
struct Wait
{
    bool at_barrier;
    WarpOperation operation; // unless at the barrier
    int line;
    const char* file;
    uint32_t mask; // lanes waited for, unless at the barrier
};

struct Thread
{
    uint3 index;
    Fiber* fiber = nullptr; // the stack it runs on; null before its start and after its end
    Wait wait{};
};

// Lanes of one mask on the way to the same warp operation.
struct Meeting
{
    uint32_t mask = 0;
    uint32_t arrived = 0;
    WarpOperation operation{};
    int line = 0;
};

struct Warp
{
    Meeting meetings[kLanes]; // found by the lowest lane of the mask: disjoint masks may meet at the same time
    uint64_t values[kLanes];
    uint8_t sources[kLanes]; // the lane each lane reads
    // Filled by the last lane to arrive. A lane reads its own when its turn comes, and the next filling needs that lane to arrive again,
    // so no lane can overtake another.
    uint64_t results[kLanes];
    WarpFunction function; // of the meeting of all lanes, where it is one of those
};

class BlockRunner
{
public:
    BlockRunner();

    static BlockRunner& of_this_host_thread();

    // The same for kernels, which only run where it exists.
    static BlockRunner* current() { return current_; }

    // False when the kernel broke a rule of barriers or warp operations; failure() then says which.
    bool run(const Launch& launch, uint64_t block, Order order);

    const std::string& failure() const { return failure_; }

    // Called by the running thread.
    void barrier(const char* file, int line);
    uint64_t warp_meeting(
        WarpOperation operation, uint32_t mask, uint64_t value, uint32_t operand, int width, const char* file, int line);
    void warp_together(WarpFunction function, void* own, const char* file, int line);

private:
    static void fiber_entry(Fiber* fiber);
    void fiber_loop(Fiber& self);
    void set_up(const Launch& launch, uint64_t block, Order order);
    void set_block_size(uint3 size);
    void set_order(Order order, uint64_t block);
    void set_shared_memory(const Kernel& kernel);
    void make_all_ready();
    void make_ready(uint32_t first, uint32_t lanes);
    void wait_for_turn();
    void turn_to(Thread& thread);
    bool everyone_ended() const { return failure_.empty() && ended_ == count_; }
    void abandon();

    // A broken rule: say why, then leave the block for good. Two calls, for what the leaver's frames hold is never released.
    void blame_running_thread(const std::string& reason);
    [[noreturn]] void leave_for_good();

    // How warp operations fail.
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_width(int width);
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_mask();
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_meeting(const Meeting& meeting);
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_source(uint32_t lane, uint32_t source);
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_short_warp();
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_barrier();

    uint32_t number(const Thread& thread) const { return uint32_t(&thread - threads_); }
    uint32_t existing_lanes(uint32_t warp) const;
    Meeting& join(Warp& warp, uint32_t lane, uint32_t mask);
    void finish(Warp& warp, Meeting& meeting);
    void finish_together(Warp& warp, const Meeting& meeting);
    void finish_shuffle(Warp& warp, const Meeting& meeting);

    bool any_ready() const { return head_ != tail_; }
    Thread& first_ready() { return threads_[ready_[head_ % kMaxThreads]]; }

    // A bare pointer beside its owner: the hot paths must not ask whether the owner has been constructed.
    static __thread BlockRunner* current_ __attribute__((tls_model("initial-exec")));

    Thread threads_[kMaxThreads];
    Warp warps_[kMaxThreads / kLanes];
    uint16_t ready_[kMaxThreads] = {}; // a ring; a thread is in it at most once. Places past the last still name some thread
    uint32_t head_ = 0, tail_ = 0;
    uint16_t order_[kMaxThreads]; // of the threads whenever all of them are ready
    uint32_t ordered_ = 0;        // threads that order_ is for
    Thread* running_ = nullptr;
    uint32_t count_ = 0; // threads of the block
    uint32_t ended_ = 0;
    uint32_t at_barrier_ = 0;
    int barrier_line_ = 0;
    uint3 size_{};
    OrderMode mode_ = OrderMode::Forward;
    Random random_;
    const Launch* launch_ = nullptr;
    std::string failure_;
    Fiber host_;
    FiberPool fibers_;
    std::map<const Kernel*, SharedMemory> shared_;
    const Kernel* shared_kernel_ = nullptr; // whose shared memory current_shared_ is
    SharedMemory current_shared_;
};

// Texts for the line on stderr.
std::string describe(const Wait& wait);
std::string describe_standstill(const Thread* threads, uint32_t count);
void report_failure(const Launch& launch, uint3 block, const std::string& reason);

} // namespace reste
