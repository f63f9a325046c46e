// Fiber switch for x86-64 (System V): the callee-saved registers go on the stack, the stack pointer is exchanged.
// Kernels do not change the floating-point control words, so these are shared by all fibers.
#include "fiber.h"

#if RESTE_FIBER_ASSEMBLY && defined(__x86_64__)

#include <stdint.h>

asm(R"(
    .text
    .p2align 4
    .globl reste_switch_context
    .hidden reste_switch_context
    .type reste_switch_context, @function
reste_switch_context:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size reste_switch_context, . - reste_switch_context

    .p2align 4
    .globl reste_start_context
    .hidden reste_start_context
    .type reste_start_context, @function
reste_start_context:
    movq %r12, %rdi
    callq *%r13
    ud2
    .size reste_start_context, . - reste_start_context
)");

extern "C" void reste_start_context() __attribute__((visibility("hidden")));

namespace reste
{

void prepare_fiber(Fiber& fiber, FiberEntry entry)
{
    // The frame that the first switch pops: r15 r14 r13 r12 rbx rbp, the return address; then 16-byte alignment for the call.
    auto top = reinterpret_cast<uintptr_t>(fiber.stack_low + fiber.stack_bytes) & ~uintptr_t(15);
    auto frame = reinterpret_cast<uintptr_t*>(top) - 9;
    frame[0] = frame[1] = frame[4] = frame[5] = frame[7] = frame[8] = 0;
    frame[2] = reinterpret_cast<uintptr_t>(entry);
    frame[3] = reinterpret_cast<uintptr_t>(&fiber);
    frame[6] = reinterpret_cast<uintptr_t>(&reste_start_context);
    fiber.context.stack_pointer = frame;
}

} // namespace reste

#endif
