// The vocabulary of CUDA C++ that the kernels may use, for a host compiler. A word that is missing here is outside the contract of the
// kernels folder, and the emulator's build fails on it on purpose.
#pragma once

#include "device_runtime.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <type_traits>

// Lets a kernel choose a plain C++ body where the device one is PTX.
#define RESTE_EMULATOR 1

#define __global__
#define __device__ __attribute__((unused))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)

// Every host thread runs one block at a time, so a block's shared memory is the host thread's own copy.
#define __shared__ static thread_local __attribute__((unused))

namespace reste
{

struct ConstantRegistration
{
    ConstantRegistration(const char* name, uint32_t value) { reste_register_constant(name, value); }
};

} // namespace reste

#define RESTE_REGISTER_CONSTANT(name, value) static const reste::ConstantRegistration constant_##name(#name, value);

#define threadIdx (reste_position.thread)
#define blockIdx (reste_position.block)
#define blockDim (reste_position.block_size)
#define gridDim (reste_position.grid_size)

namespace reste
{

template <typename To, typename From>
inline To same_bits(From value)
{
    static_assert(sizeof(To) == sizeof(From));
    To result;
    memcpy(&result, &value, sizeof result);
    return result;
}

// As the device does it: a NaN loses against a number, and +0 is above -0. The library's fminf leaves the zeros open, and is a call.
template <typename Bits, typename T>
inline T float_minimum(T a, T b)
{
    if (a == b)
        return same_bits<T>(same_bits<Bits>(a) | same_bits<Bits>(b));
    return a < b || b != b ? a : b;
}

template <typename Bits, typename T>
inline T float_maximum(T a, T b)
{
    if (a == b)
        return same_bits<T>(same_bits<Bits>(a) & same_bits<Bits>(b));
    return a > b || b != b ? a : b;
}

inline float minimum(float a, float b) { return float_minimum<uint32_t>(a, b); }
inline float maximum(float a, float b) { return float_maximum<uint32_t>(a, b); }

// Values travel between lanes as 64 bits, whatever their type.
template <typename T>
inline T exchange(WarpOperation operation, uint32_t mask, T value, uint32_t operand, int width, const char* file, int line)
{
    static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "lanes exchange numbers of 32 or 64 bits");
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    bits = reste_warp_meeting(operation, mask, bits, operand, width, file, line);
    memcpy(&value, &bits, sizeof value);
    return value;
}

} // namespace reste

#define fminf(a, b) (::reste::minimum(a, b))
#define fmaxf(a, b) (::reste::maximum(a, b))

// CUDA's overloads follow the usual arithmetic conversions for integers, and fmin and fmax for floating point.
template <typename A, typename B>
inline std::common_type_t<A, B> min(A a, B b)
{
    using T = std::common_type_t<A, B>;
    if constexpr (std::is_floating_point_v<T>)
        return reste::float_minimum<std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>(T(a), T(b));
    else
        return T(b) < T(a) ? T(b) : T(a);
}

template <typename A, typename B>
inline std::common_type_t<A, B> max(A a, B b)
{
    using T = std::common_type_t<A, B>;
    if constexpr (std::is_floating_point_v<T>)
        return reste::float_maximum<std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>(T(a), T(b));
    else
        return T(a) < T(b) ? T(b) : T(a);
}

// A load from device memory that nobody writes meanwhile.
template <typename T>
inline T __ldg(const T* address)
{
    return *address;
}

// A load from device memory that the block itself may have written.
template <typename T>
inline T __ldca(const T* address)
{
    return *address;
}

// Blocks run on several host threads at once.
inline uint32_t atomicAdd(uint32_t* target, uint32_t value) { return __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST); }
inline unsigned long long atomicAdd(unsigned long long* target, unsigned long long value)
{
    return __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST);
}
inline unsigned long long atomicExch(unsigned long long* target, unsigned long long value)
{
    return __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST);
}
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// Rounded each by itself, as everything here is.
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }

inline int __popc(uint32_t bits) { return __builtin_popcount(bits); }
inline uint32_t __byte_perm(uint32_t x, uint32_t y, uint32_t selectors)
{
    const uint64_t bytes = uint64_t(y) << 32 | x;
    uint32_t result = 0;
    for (uint32_t byte = 0; byte < 4; byte++)
        result |= uint32_t(bytes >> 8 * (selectors >> 4 * byte & 7u) & 0xFFu) << 8 * byte;
    return result;
}
inline uint32_t __umulhi(uint32_t a, uint32_t b) { return uint32_t(uint64_t(a) * b >> 32); }
inline uint32_t __float_as_uint(float value) { return reste::same_bits<uint32_t>(value); }
inline float __uint_as_float(uint32_t bits) { return reste::same_bits<float>(bits); }

// The default arguments take the caller's place, which is what a failing kernel is reported with.
inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { reste_barrier(file, line); }

template <typename T>
inline T __shfl_sync(
    uint32_t mask, T value, int lane, int width = 32, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    return reste::exchange(reste::WarpOperation::ShuffleIndex, mask, value, uint32_t(lane), width, file, line);
}

template <typename T>
inline T __shfl_down_sync(
    uint32_t mask, T value, unsigned delta, int width = 32, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    return reste::exchange(reste::WarpOperation::ShuffleDown, mask, value, delta, width, file, line);
}

template <typename T>
inline T __shfl_xor_sync(
    uint32_t mask, T value, int lanes, int width = 32, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    return reste::exchange(reste::WarpOperation::ShuffleXor, mask, value, uint32_t(lanes), width, file, line);
}

// For instructions that a warp executes as one: no word of CUDA's, so only for code that the emulator alone sees.
inline void reste_together(
    reste::WarpFunction function, void* own, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    reste_warp_together(function, own, file, line);
}

// A meeting at which nothing is told.
inline void __syncwarp(uint32_t mask = 0xFFFFFFFFu, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    reste_warp_meeting(reste::WarpOperation::Ballot, mask, 0, 0, 32, file, line);
}

inline uint32_t __ballot_sync(
    uint32_t mask, int predicate, const char* file = __builtin_FILE(), int line = __builtin_LINE())
{
    return uint32_t(reste_warp_meeting(reste::WarpOperation::Ballot, mask, predicate != 0, 0, 32, file, line));
}
