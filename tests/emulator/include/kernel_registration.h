// Turns a kernel's function pointer into an entry of the emulator: the parameter types are deduced, never written twice.
#pragma once

#include "device_runtime.h"

#include <utility>

namespace reste
{

// A thread-local variable beside the file's shared variables: touching it makes the host thread's copy of them all exist.
static thread_local unsigned char shared_anchor;

inline const void* touch_shared() { return &shared_anchor; }

template <auto Function>
struct Entry;

template <typename... Parameters, void (*Function)(Parameters...)>
struct Entry<Function>
{
    // One element more than needed: an array of no elements is not C++.
    static constexpr size_t sizes[] = {sizeof(Parameters)..., 0};
    static constexpr size_t alignments[] = {alignof(Parameters)..., 0};

    static void invoke([[maybe_unused]] void** arguments) { invoke(arguments, std::index_sequence_for<Parameters...>()); }

    template <size_t... Index>
    static void invoke([[maybe_unused]] void** arguments, std::index_sequence<Index...>)
    {
        Function(*static_cast<Parameters*>(arguments[Index])...);
    }

    static constexpr Kernel describe(const char* name, unsigned max_threads)
    {
        return {name, max_threads, sizeof...(Parameters), sizes, alignments, &Entry::invoke, &touch_shared};
    }
};

struct Registration
{
    explicit Registration(const Kernel& kernel) { reste_register_kernel(&kernel); }
};

// The block limit of `__launch_bounds__(threads, ...)`; the blocks wanted on a multiprocessor mean nothing here.
constexpr unsigned block_limit(unsigned threads = 1024, unsigned = 0) { return threads; }

} // namespace reste

#define RESTE_REGISTER_KERNEL(name, ...)                                                                              \
    static const reste::Kernel kernel_##name = reste::Entry<&name>::describe(#name, reste::block_limit(__VA_ARGS__)); \
    static const reste::Registration registration_##name(kernel_##name);
