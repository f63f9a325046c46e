// The state of the emulated driver: one a process, behind one lock. Calls that wait run the pending work under the lock, so host threads
// that use the device at the same time take turns.
#pragma once

#include "cuda_driver.h"
#include "operations.h"
#include "settings.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct CUstream_st
{
    struct Pending
    {
        reste::OperationPointer operation;
        reste::Order order;
    };

    CUcontext context;
    unsigned flags = 0;
    std::deque<Pending> pending;

    CUstreamCaptureStatus capture = CU_STREAM_CAPTURE_STATUS_NONE;
    CUstreamCaptureMode capture_mode = CU_STREAM_CAPTURE_MODE_GLOBAL;
    std::thread::id capture_thread;
    std::vector<reste::OperationPointer> captured;
};

struct CUctx_st
{
    int device;
    unsigned retained = 0;
    size_t bytes_used = 0;
    CUstream_st null_stream;

    explicit CUctx_st(int device) : device(device) { null_stream.context = this; }
};

struct CUevent_st
{
    CUcontext context;
    unsigned flags;
    std::shared_ptr<reste::EventState> state = std::make_shared<reste::EventState>();
    CUstream stream = nullptr; // of the last record; only looked at while that record is pending
    bool in_capture = false;   // last recorded while its stream was capturing
};

struct CUmod_st
{
    CUcontext context;
    std::string text;
    std::map<std::string, CUfunction> functions;
};

struct CUfunc_st
{
    CUcontext context;
    CUmodule module;
    const reste::Kernel* kernel;
};

struct CUgraph_st
{
    CUcontext context;
    std::vector<reste::OperationPointer> nodes;
};

struct CUgraphExec_st
{
    CUcontext context;
    reste::OperationPointer operation;
};

namespace reste
{

// The live objects of one kind; a handle that is not among them is refused rather than followed.
template <typename T>
class Handles
{
public:
    T* add(std::unique_ptr<T> object)
    {
        T* handle = object.get();
        objects_.emplace(handle, std::move(object));
        return handle;
    }

    bool has(T* handle) const { return objects_.count(handle) != 0; }
    bool remove(T* handle) { return objects_.erase(handle) != 0; }

    void remove_all_of(CUcontext context)
    {
        for (auto i = objects_.begin(); i != objects_.end();)
            i = i->second->context == context ? objects_.erase(i) : std::next(i);
    }

    template <typename Action>
    void for_each(Action action)
    {
        for (auto& [handle, object] : objects_)
            action(*object);
    }

private:
    std::unordered_map<T*, std::unique_ptr<T>> objects_;
};

struct DeviceAllocation
{
    CUcontext context;
    size_t bytes;
};

struct Counters
{
    uint64_t launches = 0;
    uint64_t dependent_launches = 0;
    uint64_t graph_launches = 0;
    uint64_t allocations = 0;
    uint64_t host_allocations = 0;
    uint64_t modules = 0;
    uint64_t bytes = 0;
};

struct Driver
{
    std::mutex lock;
    bool initialised = false;
    CUresult sticky = CUDA_SUCCESS; // the first failure of device work; every later call that needs a context returns it
    Settings settings;
    Counters counters;
    size_t taken = 0; // bytes of each device that another program is said to hold
    std::vector<std::unique_ptr<CUctx_st>> contexts; // the primary context of each visible device
    std::vector<std::unique_ptr<CUctx_st>> created;  // by cuCtxCreate
    std::map<CUdeviceptr, DeviceAllocation> device_memory;
    std::unordered_map<void*, CUcontext> host_memory;
    Handles<CUstream_st> streams;
    Handles<CUevent_st> events;
    Handles<CUmod_st> modules;
    Handles<CUfunc_st> functions;
    Handles<CUgraph_st> graphs;
    Handles<CUgraphExec_st> executables;
};

Driver& driver();

// Bytes that can still be allocated.
size_t free_memory(const Driver& state, const CUctx_st& context);

// The calling host thread's context; null without one.
CUcontext current_context();

// Whether it is a context, and in use: another thread's may be gone.
bool is_alive(CUcontext context);

// The order of launches from the calling host thread.
Order current_order();

// 0 is the current context's NULL stream; null when the handle is not a stream of any context.
CUstream find_stream(CUstream handle);

// Puts an operation into a stream, or into the graph that the stream is capturing.
CUresult enqueue(CUstream stream, OperationPointer operation);

// Runs what is pending: the oldest operation, all of a stream, all of a context. The result is the sticky error, if there is one.
CUresult run_oldest(CUstream_st& stream);
CUresult drain(CUstream_st& stream);
CUresult drain(CUcontext context);

// Refuses a call that no capture can stand, and breaks the captures that it would have disturbed.
CUresult refuse_during_capture();

// Refuses a wait for the stream while it captures, and breaks the capture.
CUresult refuse_if_capturing(CUstream_st& stream);

// Breaks the capture of a stream, if there is one.
void break_capture(CUstream_st& stream);

// Refuses a wait for everything while any stream of the context captures.
CUresult refuse_if_any_capturing(CUcontext context);

// Runs the body of a driver function under the lock, once cuInit has been called.
template <typename Body>
CUresult initialised_call(Body body)
{
    std::lock_guard guard(driver().lock);
    return driver().initialised ? body(driver()) : CUDA_ERROR_NOT_INITIALIZED;
}

// The same for functions that work in the current context.
template <typename Body>
CUresult context_call(Body body)
{
    return initialised_call([&](Driver& driver) {
        CUcontext context = current_context();
        if (!is_alive(context))
            return CUDA_ERROR_INVALID_CONTEXT;
        return driver.sticky != CUDA_SUCCESS ? driver.sticky : body(driver, *context);
    });
}

} // namespace reste
