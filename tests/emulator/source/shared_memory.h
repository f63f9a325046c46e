// The shared variables of a kernel file: the thread-local block of the library that the file was compiled to.
// AddressSanitizer puts no guards between thread-local variables, so an index outside one of them is not detected.
#pragma once

#include <stddef.h>
#include <string.h>

namespace reste
{

struct Kernel;

struct SharedMemory
{
    void* start = nullptr;
    size_t bytes = 0;

    // NaN in every float; a kernel that reads what no thread of its block wrote gets caught by its result.
    void poison() const
    {
        if (bytes != 0)
            memset(start, 0xFF, bytes);
    }
};

// The calling host thread's copy; the address holds as long as the host thread lives.
SharedMemory find_shared_memory(const Kernel& kernel);

} // namespace reste
