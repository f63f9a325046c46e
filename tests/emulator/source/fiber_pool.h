// The fibers of one host thread: made when first needed, used again by every later block.
#pragma once

#include "fiber.h"

#include <deque>
#include <vector>

namespace reste
{

class FiberPool
{
public:
    // Every fiber runs entry, which takes its work from the fiber's owner and never returns.
    FiberPool(FiberEntry entry, void* owner) : entry_(entry), owner_(owner) {}
    ~FiberPool();
    FiberPool(const FiberPool&) = delete;
    FiberPool& operator=(const FiberPool&) = delete;

    Fiber& take()
    {
        if (idle_.empty())
            grow();
        Fiber* fiber = idle_.back();
        idle_.pop_back();
        return *fiber;
    }

    void give_back(Fiber& fiber) { idle_.push_back(&fiber); }

    // Throws away what the fibers were doing; for a block that broke down in the middle.
    void restart_all();

private:
    void grow();

    FiberEntry entry_;
    void* owner_;
    std::deque<Fiber> fibers_; // a deque: addresses stay
    std::vector<Fiber*> idle_;
    std::vector<void*> slabs_;
};

} // namespace reste
