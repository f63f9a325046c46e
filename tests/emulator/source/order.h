// The order in which threads and blocks run. Sound kernels cannot tell one order from another.
#pragma once

#include <numeric>
#include <stdint.h>
#include <utility>

namespace reste
{

enum class OrderMode : int
{
    Forward = 0,
    Reverse = 1,
    Shuffle = 2,
};

struct Order
{
    OrderMode mode = OrderMode::Forward;
    uint64_t seed = 0;
};

// SplitMix64: every seed, also 0, gives a good sequence.
class Random
{
public:
    explicit Random(uint64_t seed = 0) : state_(seed) {}

    uint64_t next()
    {
        uint64_t z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }

    // In [0, limit).
    uint32_t below(uint32_t limit) { return uint32_t((next() >> 32) * limit >> 32); }

    template <typename T>
    void shuffle(T* items, uint32_t count)
    {
        for (uint32_t i = count; i > 1; i--)
            std::swap(items[i - 1], items[below(i)]);
    }

private:
    uint64_t state_;
};

// Says which block comes at which place, without a table: place -> (place * stride + offset) mod count, stride coprime to count.
class BlockOrder
{
public:
    BlockOrder(Order order, uint64_t count) : count_(count)
    {
        if (order.mode == OrderMode::Reverse)
        {
            stride_ = count - 1;
            offset_ = count - 1;
        }
        else if (order.mode == OrderMode::Shuffle && count > 2)
        {
            Random random(order.seed ^ count);
            offset_ = random.next() % count;
            do
                stride_ = 1 + random.next() % (count - 1);
            while (std::gcd(stride_, count) != 1);
        }
    }

    uint64_t block_at(uint64_t place) const { return uint64_t((static_cast<unsigned __int128>(place) * stride_ + offset_) % count_); }

private:
    uint64_t count_;
    uint64_t stride_ = 1;
    uint64_t offset_ = 0;
};

} // namespace reste
