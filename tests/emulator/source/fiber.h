// Fibers: stacks of their own that a host thread switches between. A fiber never leaves the host thread that made it.
#pragma once

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define RESTE_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define RESTE_ASAN 0
#endif

#if !defined(RESTE_FIBER_UCONTEXT) && (defined(__x86_64__) || defined(__aarch64__))
#define RESTE_FIBER_ASSEMBLY 1
#else
#define RESTE_FIBER_ASSEMBLY 0
#include <ucontext.h>
#endif

namespace reste
{

#if RESTE_FIBER_ASSEMBLY
// Everything a waiting fiber has to keep lies on its stack.
struct FiberContext
{
    void* stack_pointer = nullptr;
};
#else
using FiberContext = ucontext_t;
#endif

struct Fiber
{
    FiberContext context{};
    char* stack_low = nullptr;
    size_t stack_bytes = 0;
    void* fake_stack = nullptr; // AddressSanitizer's
    void* owner = nullptr;      // whose work the fiber does
};

using FiberEntry = void (*)(Fiber*);

// Makes the fiber start entry(&fiber) at the next switch to it; entry must not return.
void prepare_fiber(Fiber& fiber, FiberEntry entry);

// Describes the stack that the host thread itself runs on.
void describe_host_stack(Fiber& host);

} // namespace reste

// The real switch: one file a processor.
extern "C" void reste_switch_context(reste::FiberContext* from, reste::FiberContext* to) __attribute__((visibility("hidden")));

namespace reste
{

inline void switch_fiber(Fiber& from, Fiber& to)
{
#if RESTE_ASAN
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_low, to.stack_bytes);
#endif
    reste_switch_context(&from.context, &to.context);
#if RESTE_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}

inline void prefetch_stack([[maybe_unused]] const Fiber& fiber)
{
#if RESTE_FIBER_ASSEMBLY
    __builtin_prefetch(fiber.context.stack_pointer, 1);
    __builtin_prefetch(static_cast<const char*>(fiber.context.stack_pointer) + 64, 1);
#endif
}

// The first thing a fiber does: tells AddressSanitizer that the switch is over.
inline void enter_fiber()
{
#if RESTE_ASAN
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

} // namespace reste
