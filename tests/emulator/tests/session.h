// What most cases need: an initialised device, a stream, buffers, launches by name.
#pragma once

#include "check.h"

#include <functional>
#include <initializer_list>
#include <vector>

extern const char* const kImage; // as the build writes it beside the kernels

struct Session
{
    CUcontext context = nullptr;
    CUmodule module = nullptr;
    CUstream stream = nullptr;

    Session();
    CUfunction function(const char* name) const;
    CUresult try_launch(const char* name, unsigned grid, unsigned block, std::initializer_list<const void*> arguments) const;
    void launch(const char* name, unsigned grid, unsigned block, std::initializer_list<const void*> arguments) const;
    void synchronise() const;
};

// Device memory of `count` elements. Its address doubles as the kernel's argument.
template <typename T>
struct Buffer
{
    const Session& session;
    size_t count;
    CUdeviceptr pointer = 0;

    Buffer(const Session& session, size_t count) : session(session), count(count) { CHECK_OK(cuMemAlloc_v2(&pointer, bytes())); }

    Buffer(const Session& session, const std::vector<T>& values) : Buffer(session, values.size())
    {
        CHECK_OK(cuMemcpyHtoDAsync_v2(pointer, values.data(), bytes(), session.stream));
        session.synchronise();
    }

    size_t bytes() const { return count * sizeof(T); }

    std::vector<T> read() const
    {
        std::vector<T> values(count);
        CHECK_OK(cuMemcpyDtoHAsync_v2(values.data(), pointer, bytes(), session.stream));
        session.synchronise();
        return values;
    }
};

std::vector<float> count_up(size_t count);

// What the action writes to stderr.
std::string stderr_of(const std::function<void()>& action);
