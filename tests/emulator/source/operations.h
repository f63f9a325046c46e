// What a stream can be asked to do. An operation never changes: streams, graphs and their copies share it.
#pragma once

#include "cuda_driver.h"
#include "launch.h"

#include <chrono>
#include <memory>
#include <vector>

namespace reste
{

class Operation
{
public:
    virtual ~Operation() = default;

    // The order is that of the call which put the operation, or its graph, into a stream.
    virtual CUresult run(Order order) const = 0;

    virtual bool is_launch() const { return false; }
};

using OperationPointer = std::shared_ptr<const Operation>;

class LaunchOperation final : public Operation
{
public:
    LaunchOperation(const Kernel& kernel, uint3 grid, uint3 block, void** parameters) : launch_(kernel, grid, block, parameters) {}
    CUresult run(Order order) const override;
    bool is_launch() const override { return true; }

private:
    Launch launch_;
};

// Either direction: device memory is host memory here. The memory is read and written when the copy runs, not when it is asked for.
class CopyOperation final : public Operation
{
public:
    CopyOperation(void* target, const void* source, size_t bytes) : target_(target), source_(source), bytes_(bytes) {}
    CUresult run(Order order) const override;

private:
    void* target_;
    const void* source_;
    size_t bytes_;
};

class FillOperation final : public Operation
{
public:
    FillOperation(void* target, unsigned char value, size_t bytes) : target_(target), value_(value), bytes_(bytes) {}
    CUresult run(Order order) const override;

private:
    void* target_;
    unsigned char value_;
    size_t bytes_;
};

// Outlives its event, for a stream may still have it to do.
struct EventState
{
    uint64_t asked = 0; // records put into a stream so far
    uint64_t done = 0;  // the last of them that has run
    std::chrono::steady_clock::time_point time;

    bool is_done() const { return done == asked; }
};

class RecordOperation final : public Operation
{
public:
    RecordOperation(std::shared_ptr<EventState> event, uint64_t record) : event_(std::move(event)), record_(record) {}
    CUresult run(Order order) const override;

private:
    std::shared_ptr<EventState> event_;
    uint64_t record_;
};

// A stream waits for what another has to do up to a record of an event.
class WaitOperation final : public Operation
{
public:
    WaitOperation(std::shared_ptr<EventState> event, uint64_t record, CUstream other)
        : event_(std::move(event)), record_(record), other_(other)
    {
    }
    CUresult run(Order order) const override;

private:
    std::shared_ptr<EventState> event_;
    uint64_t record_;
    CUstream other_; // not looked at once the record is done: a stream that is destroyed has done all of its work
};

class GraphOperation final : public Operation
{
public:
    explicit GraphOperation(std::vector<OperationPointer> nodes) : nodes_(std::move(nodes)) {}
    CUresult run(Order order) const override;

private:
    std::vector<OperationPointer> nodes_;
};

} // namespace reste
