// Initialisation, devices, contexts, memory, modules, and what each refuses.
#include "session.h"

#include <string.h>
#include <thread>

TEST(nothing_works_before_initialisation)
{
    int value = 0;
    size_t bytes = 0;
    CUdeviceptr pointer = 0;
    CHECK_CODE(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&value));
    CHECK_CODE(CUDA_ERROR_NOT_INITIALIZED, cuMemAlloc_v2(&pointer, 4));
    CHECK_CODE(CUDA_ERROR_NOT_INITIALIZED, cuMemGetInfo_v2(&bytes, &bytes));
    CHECK_OK(cuDriverGetVersion(&value));
    CHECK(value >= 12000);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuInit(1));
}

TEST(nothing_works_without_a_context)
{
    CHECK_OK(cuInit(0));
    CUdeviceptr pointer = 0;
    CUstream stream = nullptr;
    CUmodule module = nullptr;
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc_v2(&pointer, 4));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuStreamCreate(&stream, 0));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuModuleLoadDataEx(&module, kImage, 0, nullptr, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuCtxSynchronize());
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuCtxSetCurrent(reinterpret_cast<CUcontext>(&pointer)));
    Session session;
    CHECK_OK(cuMemAlloc_v2(&pointer, 4));
    std::thread([&] { CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc_v2(&pointer, 4)); }).join(); // current is a thread's own
}

TEST(releasing_the_last_hold_ends_the_context)
{
    Session session;
    CUdeviceptr pointer = 0;
    CHECK_OK(cuMemAlloc_v2(&pointer, 4));
    CHECK_OK(cuDevicePrimaryCtxRelease_v2(0));
    CHECK(reste_emulator_count("bytes") == 0);
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuMemFree_v2(pointer));
    CHECK_CODE(CUDA_ERROR_INVALID_CONTEXT, cuDevicePrimaryCtxRelease_v2(0));
    Session again;
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemFree_v2(pointer));
}

TEST(initialisation_can_be_made_to_fail)
{
    setenv("RESTE_EMULATOR_INIT", "999", 1);
    CHECK_CODE(CUDA_ERROR_UNKNOWN, cuInit(0));
    int count = 0;
    CHECK_CODE(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&count));
}

TEST(no_devices)
{
    setenv("RESTE_EMULATOR_DEVICES", "0", 1);
    CHECK_CODE(CUDA_ERROR_NO_DEVICE, cuInit(0));
    setenv("RESTE_EMULATOR_DEVICES", "2", 1);
    setenv("CUDA_VISIBLE_DEVICES", "", 1);
    CHECK_CODE(CUDA_ERROR_NO_DEVICE, cuInit(0));
    setenv("CUDA_VISIBLE_DEVICES", "-1", 1);
    CHECK_CODE(CUDA_ERROR_NO_DEVICE, cuInit(0));
}

TEST(visible_devices_are_chosen_and_ordered)
{
    setenv("RESTE_EMULATOR_DEVICES", "4", 1);
    setenv("CUDA_VISIBLE_DEVICES", "2,0,9,1", 1); // 9 does not exist: the list ends there
    CHECK_OK(cuInit(0));
    int count = 0, bus = 0;
    CHECK_OK(cuDeviceGetCount(&count));
    CHECK(count == 2);
    CHECK_OK(cuDeviceGetAttribute(&bus, 33, 0));
    CHECK(bus == 3);
    CUdevice device = -1;
    CHECK_OK(cuDeviceGet(&device, 1));
    CHECK_CODE(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&device, 2));
}

TEST(devices_are_numbered_by_speed)
{
    auto address = [](int device) {
        int bus = 0, slot = 0;
        CHECK_OK(cuDeviceGetAttribute(&bus, 33, device));
        CHECK_OK(cuDeviceGetAttribute(&slot, 34, device));
        return bus << 8 | slot;
    };
    setenv("RESTE_EMULATOR_PCI", "3b:00,19:02,19:01", 1);
    unsetenv("CUDA_DEVICE_ORDER");
    CHECK_OK(cuInit(0));
    int count = 0;
    CHECK_OK(cuDeviceGetCount(&count));
    CHECK(count == 3);
    CHECK(address(0) == 0x3b00 && address(1) == 0x1902 && address(2) == 0x1901);
}

TEST(devices_are_numbered_by_address_where_that_is_asked_for)
{
    setenv("RESTE_EMULATOR_PCI", "3b:00,19:02,19:01", 1);
    setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
    setenv("CUDA_VISIBLE_DEVICES", "2,1", 1); // among the ordered ones
    CHECK_OK(cuInit(0));
    int bus = 0, slot = 0;
    CHECK_OK(cuDeviceGetAttribute(&bus, 33, 0));
    CHECK_OK(cuDeviceGetAttribute(&slot, 34, 1));
    CHECK(bus == 0x3b && slot == 2);
}

TEST(device_attributes)
{
    setenv("RESTE_EMULATOR_CAPABILITY", "8.6", 1);
    setenv("RESTE_EMULATOR_MEMORY", "1000000", 1);
    CHECK_OK(cuInit(0));
    auto attribute = [](int which) {
        int value = -1;
        CHECK_OK(cuDeviceGetAttribute(&value, which, 0));
        return value;
    };
    CHECK(attribute(75) == 8 && attribute(76) == 6 && attribute(1) == 1024 && attribute(10) == 32);
    CHECK(attribute(7) == 65535 && attribute(16) > 0 && attribute(13) > 0 && attribute(36) > 0 && attribute(37) > 0 && attribute(38) > 0);
    CHECK(attribute(1234) == 0);
    char name[64];
    size_t bytes = 0;
    CHECK_OK(cuDeviceGetName(name, sizeof name, 0));
    CHECK(strlen(name) > 0);
    CHECK_OK(cuDeviceTotalMem_v2(&bytes, 0));
    CHECK(bytes == 1000000);
}

TEST(memory_is_limited_and_poisoned)
{
    setenv("RESTE_EMULATOR_MEMORY", "1000", 1);
    Session session;
    CUdeviceptr a = 0, b = 0;
    size_t free = 0, total = 0;
    CHECK_OK(cuMemAlloc_v2(&a, 600));
    CHECK(a % 256 == 0 && reste_emulator_count("bytes") == 600);
    CHECK_CODE(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc_v2(&b, 401));
    CHECK_OK(cuMemAlloc_v2(&b, 400));
    CHECK_OK(cuMemGetInfo_v2(&free, &total));
    CHECK(free == 0 && total == 1000);
    unsigned char seen[600] = {};
    CHECK_OK(cuMemcpyDtoHAsync_v2(seen, a, 600, session.stream));
    session.synchronise();
    for (unsigned char byte : seen)
        CHECK(byte == 0xFF);
    CHECK_OK(cuMemFree_v2(a));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemFree_v2(a));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemFree_v2(b + 4));
    CHECK_OK(cuMemFree_v2(0));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemAlloc_v2(&a, 0));
    CHECK(reste_emulator_count("allocations") == 2 && reste_emulator_count("bytes") == 400);
}

TEST(another_program_takes_memory)
{
    setenv("RESTE_EMULATOR_MEMORY", "1000", 1);
    Session session;
    CUdeviceptr a = 0;
    size_t free = 0, total = 0;
    reste_emulator_take(900);
    CHECK_OK(cuMemGetInfo_v2(&free, &total));
    CHECK(free == 100 && total == 1000);
    CHECK_CODE(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc_v2(&a, 101));
    CHECK_OK(cuMemAlloc_v2(&a, 100));
    reste_emulator_take(2000);
    CHECK_OK(cuMemGetInfo_v2(&free, &total));
    CHECK(free == 0);
    reste_emulator_take(0);
    CHECK_OK(cuMemGetInfo_v2(&free, &total));
    CHECK(free == 900);
}

TEST(transfers_stay_within_an_allocation)
{
    Session session;
    CUdeviceptr pointer = 0;
    char host[32] = {};
    CHECK_OK(cuMemAlloc_v2(&pointer, 16));
    CHECK_OK(cuMemcpyHtoDAsync_v2(pointer + 8, host, 8, session.stream));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoDAsync_v2(pointer + 8, host, 9, session.stream));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoHAsync_v2(host, pointer, 17, session.stream));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemsetD8Async(pointer - 1, 0, 2, session.stream));
    CHECK_OK(cuMemcpyHtoDAsync_v2(0, host, 0, session.stream));
}

TEST(freeing_waits_for_the_work)
{
    Session session;
    Buffer<uint32_t> y(session, std::vector<uint32_t>{3});
    uint32_t seen = 0;
    CHECK_OK(cuMemcpyDtoHAsync_v2(&seen, y.pointer, 4, session.stream));
    CHECK_OK(cuMemFree_v2(y.pointer));
    CHECK(seen == 3);
}

TEST(host_memory)
{
    Session session;
    void* memory = nullptr;
    CHECK_OK(cuMemHostAlloc(&memory, 100, 0));
    memset(memory, 1, 100);
    CHECK(reste_emulator_count("host_allocations") == 1);
    CHECK_OK(cuMemFreeHost(memory));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuMemFreeHost(memory));
}

TEST(images_are_checked)
{
    setenv("RESTE_EMULATOR_PTX", "8.0", 1);
    Session session;
    CUmodule module = nullptr;
    auto load = [&](const char* image) { return cuModuleLoadDataEx(&module, image, 0, nullptr, nullptr); };
    CHECK_OK(load("// a comment\n\n.version 8.0\n.target sm_90a, debug\n.address_size 64\n"));
    CHECK_CODE(CUDA_ERROR_INVALID_IMAGE, load("nothing at all"));
    CHECK_CODE(CUDA_ERROR_INVALID_IMAGE, load(".version 8.0\n"));
    CHECK_CODE(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, load(".version 8.1\n.target sm_80\n"));
    CHECK_CODE(CUDA_ERROR_NO_BINARY_FOR_GPU, load(".version 8.0\n.target sm_100\n"));
    CHECK_CODE(CUDA_ERROR_NO_BINARY_FOR_GPU, load(".version 8.0\n.target sm_86a\n"));
    CHECK_CODE(CUDA_ERROR_NO_BINARY_FOR_GPU, load("\177ELF....."));
    char log[64] = {};
    int options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
    CHECK_CODE(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadDataEx(&module, "x", 2, options, values));
    CHECK(strstr(log, ".version") != nullptr && reinterpret_cast<size_t>(values[1]) == strlen(log));
    CHECK(reste_emulator_count("modules") == 2);
}

TEST(functions_are_found_by_name)
{
    Session session;
    CUfunction function = nullptr;
    CUmodule module = nullptr;
    CHECK_CODE(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&function, session.module, "no_such_kernel"));
    const char* compiled = ".version 7.8\n.target sm_80\n.visible .entry sound_scale(\n.param .u64 a)\n";
    CHECK_OK(cuModuleLoadDataEx(&module, compiled, 0, nullptr, nullptr));
    CHECK_OK(cuModuleGetFunction(&function, module, "sound_scale"));
    CUfunction other = nullptr;
    CHECK_CODE(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&other, module, "sound_block_sum"));
    CHECK_CODE(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&other, module, "sound"));
    CHECK_OK(cuModuleUnload(module));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(module));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuModuleGetFunction(&function, module, "sound_scale"));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr));
}

TEST(launches_are_checked)
{
    Session session;
    Buffer<uint32_t> y(session, 2048);
    void* parameters[] = {&y.pointer};
    CUfunction function = session.function("test_nothing");
    auto launch = [&](unsigned grid, unsigned block, unsigned shared, CUstream stream, void** parameters, void** extra) {
        return cuLaunchKernel(function, grid, 1, 1, block, 1, 1, shared, stream, parameters, extra);
    };
    CHECK_OK(launch(1, 1024, 0, session.stream, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(1, 1025, 0, session.stream, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(1, 0, 0, session.stream, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(0, 1, 0, session.stream, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(1, 1, 4, session.stream, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(1, 1, 0, session.stream, nullptr, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, launch(1, 1, 0, session.stream, parameters, parameters));
    CHECK_CODE(CUDA_ERROR_INVALID_HANDLE, launch(1, 1, 0, reinterpret_cast<CUstream>(&y), parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(function, 1, 65536, 1, 1, 1, 1, 0, nullptr, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, session.try_launch("test_poison", 1, 96, {&y.pointer})); // above its __launch_bounds__
    CHECK(reste_emulator_count("launches") == 1);
}

TEST(error_names)
{
    const char* text = nullptr;
    CHECK_OK(cuGetErrorName(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, &text));
    CHECK(strcmp(text, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED") == 0);
    CHECK_OK(cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, &text));
    CHECK(strcmp(text, "out of memory") == 0);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuGetErrorName(CUresult(12345), &text));
    CHECK(text == nullptr);
}
