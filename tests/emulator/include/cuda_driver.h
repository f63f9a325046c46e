// The part of the CUDA driver API that the emulator exports: names, types and numbers as in NVIDIA's cuda.h.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define RESTE_API __attribute__((visibility("default")))

enum CUresult : int
{
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_DEINITIALIZED = 4,
    CUDA_ERROR_NO_DEVICE = 100,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_IMAGE = 200,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
    CUDA_ERROR_INVALID_PTX = 218,
    CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
    CUDA_ERROR_INVALID_HANDLE = 400,
    CUDA_ERROR_ILLEGAL_STATE = 401,
    CUDA_ERROR_NOT_FOUND = 500,
    CUDA_ERROR_NOT_READY = 600,
    CUDA_ERROR_ILLEGAL_ADDRESS = 700,
    CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
    CUDA_ERROR_LAUNCH_TIMEOUT = 702,
    CUDA_ERROR_LAUNCH_FAILED = 719,
    CUDA_ERROR_NOT_PERMITTED = 800,
    CUDA_ERROR_NOT_SUPPORTED = 801,
    CUDA_ERROR_SYSTEM_NOT_READY = 802,
    CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    CUDA_ERROR_STREAM_CAPTURE_ISOLATION = 905,
    CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906,
    CUDA_ERROR_CAPTURED_EVENT = 907,
    CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
    CUDA_ERROR_UNKNOWN = 999,
};

using CUdevice = int;
using CUdeviceptr = uint64_t;
using CUcontext = struct CUctx_st*;
using CUmodule = struct CUmod_st*;
using CUfunction = struct CUfunc_st*;
using CUstream = struct CUstream_st*;
using CUevent = struct CUevent_st*;
using CUgraph = struct CUgraph_st*;
using CUgraphNode = struct CUgraphNode_st*;
using CUgraphExec = struct CUgraphExec_st*;

enum : unsigned
{
    CU_STREAM_NON_BLOCKING = 1,
    CU_EVENT_DISABLE_TIMING = 2,
};

// cuStreamBeginCapture: whose unsafe calls break the capture (everyone's, this thread's, nobody's).
enum CUstreamCaptureMode : int
{
    CU_STREAM_CAPTURE_MODE_GLOBAL = 0,
    CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1,
    CU_STREAM_CAPTURE_MODE_RELAXED = 2,
};

enum CUstreamCaptureStatus : int
{
    CU_STREAM_CAPTURE_STATUS_NONE = 0,
    CU_STREAM_CAPTURE_STATUS_ACTIVE = 1,
    CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2,
};

// cuLaunchKernelEx: the attributes that are known here.
enum CUlaunchAttributeID : int
{
    CU_LAUNCH_ATTRIBUTE_IGNORE = 0,
    CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6,
};

union CUlaunchAttributeValue
{
    char pad[64];
    int programmaticStreamSerializationAllowed;
};

struct CUlaunchAttribute
{
    CUlaunchAttributeID id;
    char pad[8 - sizeof(CUlaunchAttributeID)];
    CUlaunchAttributeValue value;
};

struct CUlaunchConfig
{
    unsigned gridDimX, gridDimY, gridDimZ;
    unsigned blockDimX, blockDimY, blockDimZ;
    unsigned sharedMemBytes;
    CUstream hStream;
    CUlaunchAttribute* attrs;
    unsigned numAttrs;
};

static_assert(sizeof(CUlaunchAttribute) == 72 && offsetof(CUlaunchAttribute, value) == 8, "as cuda.h lays it out");
static_assert(sizeof(CUlaunchConfig) == 56 && offsetof(CUlaunchConfig, hStream) == 32 && offsetof(CUlaunchConfig, numAttrs) == 48,
    "as cuda.h lays it out");

enum CUjit_option : int
{
    CU_JIT_ERROR_LOG_BUFFER = 5,
    CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
};

extern "C"
{

RESTE_API CUresult cuInit(unsigned flags);
RESTE_API CUresult cuDriverGetVersion(int* version);
RESTE_API CUresult cuGetErrorName(CUresult error, const char** text);
RESTE_API CUresult cuGetErrorString(CUresult error, const char** text);

RESTE_API CUresult cuDeviceGetCount(int* count);
RESTE_API CUresult cuDeviceGet(CUdevice* device, int ordinal);
RESTE_API CUresult cuDeviceGetName(char* name, int length, CUdevice device);
RESTE_API CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device);
RESTE_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device);

RESTE_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device);
RESTE_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);
RESTE_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active);
RESTE_API CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device);
RESTE_API CUresult cuCtxDestroy_v2(CUcontext context);
RESTE_API CUresult cuCtxGetDevice(CUdevice* device);
RESTE_API CUresult cuCtxSetCurrent(CUcontext context);
RESTE_API CUresult cuCtxSynchronize();

RESTE_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned count, int* options, void** values);
RESTE_API CUresult cuModuleUnload(CUmodule module);
RESTE_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name);
RESTE_API CUresult cuFuncGetAttribute(int* value, int attribute, CUfunction function);

RESTE_API CUresult cuMemGetInfo_v2(size_t* free, size_t* total);
RESTE_API CUresult cuMemAlloc_v2(CUdeviceptr* pointer, size_t bytes);
RESTE_API CUresult cuMemFree_v2(CUdeviceptr pointer);
RESTE_API CUresult cuMemHostAlloc(void** pointer, size_t bytes, unsigned flags);
RESTE_API CUresult cuMemFreeHost(void* pointer);
RESTE_API CUresult cuMemsetD8Async(CUdeviceptr pointer, unsigned char value, size_t bytes, CUstream stream);
RESTE_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, CUstream stream);
RESTE_API CUresult cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, CUstream stream);
RESTE_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);
RESTE_API CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, size_t bytes);
RESTE_API CUresult cuMemcpyDtoH_v2(void* target, CUdeviceptr source, size_t bytes);
RESTE_API CUresult cuPointerGetAttribute(void* answer, int attribute, CUdeviceptr pointer);

RESTE_API CUresult cuStreamCreate(CUstream* stream, unsigned flags);
RESTE_API CUresult cuStreamDestroy_v2(CUstream stream);
RESTE_API CUresult cuStreamSynchronize(CUstream stream);
RESTE_API CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags);
RESTE_API CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode);
RESTE_API CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph);
RESTE_API CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus* status);

RESTE_API CUresult cuEventCreate(CUevent* event, unsigned flags);
RESTE_API CUresult cuEventDestroy_v2(CUevent event);
RESTE_API CUresult cuEventRecord(CUevent event, CUstream stream);
RESTE_API CUresult cuEventQuery(CUevent event);
RESTE_API CUresult cuEventSynchronize(CUevent event);
RESTE_API CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end);

RESTE_API CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count);
RESTE_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long flags);
RESTE_API CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream);
RESTE_API CUresult cuGraphExecDestroy(CUgraphExec executable);
RESTE_API CUresult cuGraphDestroy(CUgraph graph);

RESTE_API CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
    unsigned block_y, unsigned block_z, unsigned shared_bytes, CUstream stream, void** parameters, void** extra);
RESTE_API CUresult cuLaunchKernelEx(const CUlaunchConfig* config, CUfunction function, void** parameters, void** extra);

// The emulator's own controls; see the README.
RESTE_API void reste_emulator_set_order(int order, uint64_t seed);
RESTE_API void reste_emulator_take(uint64_t bytes);
RESTE_API uint64_t reste_emulator_count(const char* what);

} // extern "C"
