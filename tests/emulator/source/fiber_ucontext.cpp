// Fiber switch for every other processor, by the C library. Slower: it changes the signal mask at each switch.
#include "fiber.h"

#if !RESTE_FIBER_ASSEMBLY

#include <stdint.h>

namespace
{

// makecontext passes ints only, so a pointer travels in two.
void start(unsigned entry_high, unsigned entry_low, unsigned fiber_high, unsigned fiber_low)
{
    auto join = [](unsigned high, unsigned low) { return uintptr_t(uint64_t(high) << 32 | low); };
    auto entry = reinterpret_cast<reste::FiberEntry>(join(entry_high, entry_low));
    entry(reinterpret_cast<reste::Fiber*>(join(fiber_high, fiber_low)));
}

} // namespace

void reste_switch_context(reste::FiberContext* from, reste::FiberContext* to)
{
    swapcontext(from, to);
}

namespace reste
{

void prepare_fiber(Fiber& fiber, FiberEntry entry)
{
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack_low;
    fiber.context.uc_stack.ss_size = fiber.stack_bytes;
    fiber.context.uc_link = nullptr;
    uint64_t code = reinterpret_cast<uintptr_t>(entry), data = reinterpret_cast<uintptr_t>(&fiber);
    makecontext(&fiber.context, reinterpret_cast<void (*)()>(&start), 4, unsigned(code >> 32), unsigned(code), unsigned(data >> 32),
        unsigned(data));
}

} // namespace reste

#endif
