// Devices and their attributes.
#include "block.h"
#include "driver.h"

#include <stdio.h>

using namespace reste;

namespace
{

// Attribute numbers as in cuda.h.
enum : int
{
    kMaxThreadsPerBlock = 1,
    kMaxBlockX = 2,
    kMaxBlockY = 3,
    kMaxBlockZ = 4,
    kMaxGridX = 5,
    kMaxGridY = 6,
    kMaxGridZ = 7,
    kSharedBytesPerBlock = 8,
    kWarpSize = 10,
    kRegistersPerBlock = 12,
    kClockKilohertz = 13,
    kMultiprocessors = 16,
    kConcurrentKernels = 31,
    kPciBus = 33,
    kPciSlot = 34,
    kMemoryClockKilohertz = 36,
    kMemoryBusBits = 37,
    kL2Bytes = 38,
    kThreadsPerMultiprocessor = 39,
    kUnifiedAddressing = 41,
    kCapabilityMajor = 75,
    kCapabilityMinor = 76,
};

// The speeds are plain numbers, so that a bandwidth computed from them is easy to check: 2 x 1 GHz x 512 bits = 128 GB/s.
int attribute_of(const Settings& settings, int attribute, CUdevice device)
{
    switch (attribute)
    {
    case kMaxThreadsPerBlock: return kMaxThreads;
    case kMaxBlockX: return 1024;
    case kMaxBlockY: return 1024;
    case kMaxBlockZ: return 64;
    case kMaxGridX: return 0x7FFFFFFF;
    case kMaxGridY: return 65535;
    case kMaxGridZ: return 65535;
    case kSharedBytesPerBlock: return 48 << 10;
    case kWarpSize: return kLanes;
    case kRegistersPerBlock: return 65536;
    case kClockKilohertz: return 1000000;
    case kMultiprocessors: return 16;
    case kConcurrentKernels: return 1;
    case kPciBus: return settings.devices[size_t(device)].bus;
    case kPciSlot: return settings.devices[size_t(device)].slot;
    case kMemoryClockKilohertz: return 1000000;
    case kMemoryBusBits: return 512;
    case kL2Bytes: return 4 << 20;
    case kThreadsPerMultiprocessor: return 2048;
    case kUnifiedAddressing: return 1;
    case kCapabilityMajor: return settings.capability.major;
    case kCapabilityMinor: return settings.capability.minor;
    default: return 0;
    }
}

// Calls that name a device: it must exist, and there must be somewhere to write the answer.
template <typename Body>
CUresult device_call(const void* answer, CUdevice device, Body body)
{
    return initialised_call([&](Driver& state) {
        if (answer == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        if (device < 0 || size_t(device) >= state.contexts.size())
            return CUDA_ERROR_INVALID_DEVICE;
        body(state);
        return CUDA_SUCCESS;
    });
}

} // namespace

CUresult cuDeviceGetCount(int* count)
{
    return initialised_call([&](Driver& state) {
        if (count == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        *count = int(state.contexts.size());
        return CUDA_SUCCESS;
    });
}

CUresult cuDeviceGet(CUdevice* device, int ordinal)
{
    return device_call(device, ordinal, [&](Driver&) { *device = ordinal; });
}

CUresult cuDeviceGetName(char* name, int length, CUdevice device)
{
    if (length <= 0)
        return CUDA_ERROR_INVALID_VALUE;
    return device_call(name, device, [&](Driver&) { snprintf(name, size_t(length), "CUDA emulator"); });
}

CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device)
{
    return device_call(value, device, [&](Driver& state) { *value = attribute_of(state.settings, attribute, device); });
}

CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device)
{
    return device_call(bytes, device, [&](Driver& state) { *bytes = state.settings.memory; });
}
