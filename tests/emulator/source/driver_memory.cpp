// Device memory is host memory, one allocation of exactly the size asked for each, so that AddressSanitizer sees an index outside.
#include "driver.h"

#include <stdlib.h>
#include <string.h>

using namespace reste;

namespace
{

constexpr size_t kAlignment = 256; // what the real cuMemAlloc promises at least
constexpr unsigned kHostAllocFlags = 7; // portable, device map, write combined

// NaN in every float: a buffer that nobody wrote shows.
void* allocate_poisoned(size_t bytes)
{
    void* memory = nullptr;
    if (posix_memalign(&memory, kAlignment, bytes) != 0)
        return nullptr;
    memset(memory, 0xFF, bytes);
    return memory;
}

// The allocation that the range lies within; null where there is none.
const DeviceAllocation* find_allocation(const Driver& state, CUdeviceptr pointer, size_t bytes)
{
    auto next = state.device_memory.upper_bound(pointer);
    if (next == state.device_memory.begin())
        return nullptr;
    const auto& [start, allocation] = *std::prev(next);
    size_t offset = pointer - start;
    return offset <= allocation.bytes && bytes <= allocation.bytes - offset ? &allocation : nullptr;
}

bool is_device_range(const Driver& state, CUdeviceptr pointer, size_t bytes)
{
    return find_allocation(state, pointer, bytes) != nullptr;
}

// Device work on a range of device memory and, for copies, a range of host memory.
template <typename Make>
CUresult enqueue_transfer(CUdeviceptr pointer, const void* host, size_t bytes, CUstream handle, Make make)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr)
            return CUDA_ERROR_INVALID_HANDLE;
        if (bytes != 0 && (host == nullptr || !is_device_range(state, pointer, bytes)))
            return CUDA_ERROR_INVALID_VALUE;
        return enqueue(stream, make());
    });
}

void* as_host(CUdeviceptr pointer)
{
    return reinterpret_cast<void*>(pointer);
}

// A copy in the NULL stream that the host waits for.
CUresult copy_now(CUdeviceptr device, const void* host, size_t bytes, void* target, const void* source)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        if (bytes != 0 && (host == nullptr || !is_device_range(state, device, bytes)))
            return CUDA_ERROR_INVALID_VALUE;
        CUresult result = enqueue(&context.null_stream, std::make_shared<CopyOperation>(target, source, bytes));
        return result == CUDA_SUCCESS ? drain(context.null_stream) : result;
    });
}

} // namespace

size_t reste::free_memory(const Driver& state, const CUctx_st& context)
{
    size_t held = context.bytes_used + state.taken;
    return held < state.settings.memory ? state.settings.memory - held : 0;
}

CUresult cuMemGetInfo_v2(size_t* free, size_t* total)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (free == nullptr || total == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        *total = state.settings.memory;
        *free = free_memory(state, context);
        return CUDA_SUCCESS;
    });
}

CUresult cuMemAlloc_v2(CUdeviceptr* pointer, size_t bytes)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        if (pointer == nullptr || bytes == 0)
            return CUDA_ERROR_INVALID_VALUE;
        if (bytes > free_memory(state, context))
            return CUDA_ERROR_OUT_OF_MEMORY;
        void* memory = allocate_poisoned(bytes);
        if (memory == nullptr)
            return CUDA_ERROR_OUT_OF_MEMORY;
        *pointer = reinterpret_cast<CUdeviceptr>(memory);
        state.device_memory.emplace(*pointer, DeviceAllocation{&context, bytes});
        context.bytes_used += bytes;
        state.counters.allocations++;
        state.counters.bytes += bytes;
        return CUDA_SUCCESS;
    });
}

CUresult cuMemFree_v2(CUdeviceptr pointer)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        if (pointer == 0)
            return CUDA_SUCCESS;
        auto found = state.device_memory.find(pointer);
        if (found == state.device_memory.end())
            return CUDA_ERROR_INVALID_VALUE;
        auto [owner, bytes] = found->second;
        if (CUresult result = drain(owner); result != CUDA_SUCCESS) // the real call waits as well
            return result;
        owner->bytes_used -= bytes;
        state.counters.bytes -= bytes;
        state.device_memory.erase(found);
        free(as_host(pointer));
        return CUDA_SUCCESS;
    });
}

CUresult cuMemHostAlloc(void** pointer, size_t bytes, unsigned flags)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        if (pointer == nullptr || bytes == 0 || (flags & ~kHostAllocFlags) != 0)
            return CUDA_ERROR_INVALID_VALUE;
        void* memory = allocate_poisoned(bytes);
        if (memory == nullptr)
            return CUDA_ERROR_OUT_OF_MEMORY;
        *pointer = memory;
        state.host_memory.emplace(memory, &context);
        state.counters.host_allocations++;
        return CUDA_SUCCESS;
    });
}

CUresult cuMemFreeHost(void* pointer)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        auto found = state.host_memory.find(pointer);
        if (found == state.host_memory.end())
            return CUDA_ERROR_INVALID_VALUE;
        if (CUresult result = drain(found->second); result != CUDA_SUCCESS)
            return result;
        state.host_memory.erase(found);
        free(pointer);
        return CUDA_SUCCESS;
    });
}

CUresult cuMemsetD8Async(CUdeviceptr pointer, unsigned char value, size_t bytes, CUstream stream)
{
    return enqueue_transfer(pointer, &value, bytes, stream,
        [&] { return std::make_shared<FillOperation>(as_host(pointer), value, bytes); });
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, CUstream stream)
{
    return enqueue_transfer(target, source, bytes, stream,
        [&] { return std::make_shared<CopyOperation>(as_host(target), source, bytes); });
}

CUresult cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return enqueue_transfer(source, target, bytes, stream,
        [&] { return std::make_shared<CopyOperation>(target, as_host(source), bytes); });
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream handle)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr)
            return CUDA_ERROR_INVALID_HANDLE;
        if (bytes == 0)
            return CUDA_SUCCESS;
        if (!is_device_range(state, target, bytes) || !is_device_range(state, source, bytes))
            return CUDA_ERROR_INVALID_VALUE;
        return enqueue(stream, std::make_shared<CopyOperation>(as_host(target), as_host(source), bytes));
    });
}

CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, size_t bytes)
{
    return copy_now(target, source, bytes, as_host(target), source);
}

CUresult cuMemcpyDtoH_v2(void* target, CUdeviceptr source, size_t bytes)
{
    return copy_now(source, target, bytes, target, as_host(source));
}

CUresult cuPointerGetAttribute(void* answer, int attribute, CUdeviceptr pointer)
{
    constexpr int kContext = 1; // CU_POINTER_ATTRIBUTE_CONTEXT
    return initialised_call([&](Driver& state) {
        const DeviceAllocation* allocation = find_allocation(state, pointer, 1);
        if (answer == nullptr || allocation == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        if (attribute != kContext)
            return CUDA_ERROR_NOT_SUPPORTED;
        *static_cast<CUcontext*>(answer) = allocation->context;
        return CUDA_SUCCESS;
    });
}
