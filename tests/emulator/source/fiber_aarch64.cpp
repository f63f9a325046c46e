// Fiber switch for 64-bit Arm: x19 to x30 and the low halves of v8 to v15 are the callee's to keep.
#include "fiber.h"

#if RESTE_FIBER_ASSEMBLY && defined(__aarch64__)

#include <stdint.h>

asm(R"(
    .text
    .p2align 4
    .globl reste_switch_context
    .hidden reste_switch_context
    .type reste_switch_context, %function
reste_switch_context:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    ldr x9, [x1]
    mov sp, x9
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .size reste_switch_context, . - reste_switch_context

    .p2align 4
    .globl reste_start_context
    .hidden reste_start_context
    .type reste_start_context, %function
reste_start_context:
    mov x0, x19
    blr x20
    brk #0
    .size reste_start_context, . - reste_start_context
)");

extern "C" void reste_start_context() __attribute__((visibility("hidden")));

namespace reste
{

void prepare_fiber(Fiber& fiber, FiberEntry entry)
{
    // The frame that the first switch pops, in the order of its loads: x19, x20, ..., x29, x30, d8 to d15.
    auto top = reinterpret_cast<uintptr_t>(fiber.stack_low + fiber.stack_bytes) & ~uintptr_t(15);
    auto frame = reinterpret_cast<uintptr_t*>(top) - 20;
    for (int i = 0; i < 20; i++)
        frame[i] = 0;
    frame[0] = reinterpret_cast<uintptr_t>(&fiber);
    frame[1] = reinterpret_cast<uintptr_t>(entry);
    frame[11] = reinterpret_cast<uintptr_t>(&reste_start_context);
    fiber.context.stack_pointer = frame;
}

} // namespace reste

#endif
