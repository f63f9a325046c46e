#include "fiber_pool.h"

#include <new>
#include <pthread.h>
#include <sys/mman.h>

namespace reste
{

namespace
{

constexpr size_t kGuardBytes = 4096 * (RESTE_ASAN ? 4 : 1);
constexpr size_t kStackBytes = RESTE_ASAN ? 256 << 10 : 64 << 10; // the sanitiser's frames are several times larger
constexpr size_t kStride = kStackBytes + kGuardBytes;
constexpr size_t kStacksASlab = 32; // a warp: small blocks stay small
constexpr size_t kSlabBytes = kStride * kStacksASlab;

// Stacks whose hot ends lie a power of two apart would fight for the same few lines of the first-level cache.
size_t cache_colour(size_t index) { return index * 192 % 4096; }

// AddressSanitizer's frames mark their surroundings. Frames left behind leave marks, with which the next ones there have nothing to do.
void forget_frames([[maybe_unused]] void* low, [[maybe_unused]] size_t bytes)
{
#if RESTE_ASAN
    __asan_unpoison_memory_region(low, bytes);
#endif
}

} // namespace

FiberPool::~FiberPool()
{
    for (void* slab : slabs_)
        munmap(slab, kSlabBytes);
}

void FiberPool::grow()
{
    void* slab = mmap(nullptr, kSlabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (slab == MAP_FAILED)
        throw std::bad_alloc();
    slabs_.push_back(slab);
    forget_frames(slab, kSlabBytes); // of stacks that lay here before, perhaps of a host thread that has ended
    for (size_t i = 0; i < kStacksASlab; i++)
    {
        char* low = static_cast<char*>(slab) + i * kStride;
        // Where the system allows no further mapping the guard is missing, and nothing else.
        (void)mprotect(low, kGuardBytes, PROT_NONE);
        Fiber& fiber = fibers_.emplace_back();
        fiber.owner = owner_;
        fiber.stack_low = low + kGuardBytes;
        fiber.stack_bytes = kStackBytes - cache_colour(fibers_.size());
        prepare_fiber(fiber, entry_);
        idle_.push_back(&fiber);
    }
}

void FiberPool::restart_all()
{
    idle_.clear();
    for (Fiber& fiber : fibers_)
    {
        forget_frames(fiber.stack_low, fiber.stack_bytes);
        prepare_fiber(fiber, entry_);
        idle_.push_back(&fiber);
    }
}

void describe_host_stack(Fiber& host)
{
    pthread_attr_t attributes;
    void* low = nullptr;
    size_t bytes = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0)
    {
        pthread_attr_getstack(&attributes, &low, &bytes);
        pthread_attr_destroy(&attributes);
    }
    host.stack_low = static_cast<char*>(low);
    host.stack_bytes = bytes;
}

} // namespace reste
