// Shuffles and ballots: meetings of the lanes in a mask.
#include "block.h"

#include <stdio.h>

namespace reste
{

namespace
{

// The lane whose value a shuffle returns, as the PTX manual has it: outside the segment of `width` lanes a lane keeps its own.
uint32_t source_lane(WarpOperation operation, uint32_t lane, uint32_t operand, uint32_t width)
{
    uint32_t segment = lane & ~(width - 1);
    uint32_t place = lane & (width - 1);
    switch (operation)
    {
    case WarpOperation::ShuffleIndex:
        return segment | (operand & (width - 1));
    case WarpOperation::ShuffleDown:
        return operand < width - place ? lane + operand : lane;
    case WarpOperation::ShuffleXor:
        return (place ^ operand) < width ? lane ^ operand : lane;
    default:
        return lane;
    }
}

bool is_segment_width(int width)
{
    return width >= 1 && width <= int(kLanes) && (width & (width - 1)) == 0;
}

std::string hexadecimal(uint32_t mask)
{
    char text[16];
    snprintf(text, sizeof text, "0x%08x", mask);
    return text;
}

} // namespace

inline uint32_t BlockRunner::existing_lanes(uint32_t warp) const
{
    uint32_t left = count_ - warp * kLanes;
    return left >= kLanes ? ~0u : (1u << left) - 1;
}

inline Meeting& BlockRunner::join(Warp& warp, uint32_t lane, uint32_t mask)
{
    const Wait& wait = running_->wait;
    if ((mask >> lane & 1) == 0)
        refuse_mask();
    Meeting& meeting = warp.meetings[__builtin_ctz(mask)];
    if (meeting.arrived == 0)
    {
        meeting.mask = mask;
        meeting.operation = wait.operation;
        meeting.line = wait.line;
    }
    else if (meeting.mask != mask || meeting.operation != wait.operation || meeting.line != wait.line)
    {
        refuse_meeting(meeting);
    }
    meeting.arrived |= 1u << lane;
    return meeting;
}

void BlockRunner::finish(Warp& warp, Meeting& meeting)
{
    if (meeting.operation == WarpOperation::Ballot)
    {
        uint64_t ballot = 0;
        for (uint32_t lanes = meeting.mask; lanes != 0; lanes &= lanes - 1)
            ballot |= warp.values[__builtin_ctz(lanes)] << __builtin_ctz(lanes);
        for (uint32_t lanes = meeting.mask; lanes != 0; lanes &= lanes - 1)
            warp.results[__builtin_ctz(lanes)] = ballot;
    }
    else if (meeting.operation == WarpOperation::Together)
    {
        finish_together(warp, meeting);
    }
    else
    {
        finish_shuffle(warp, meeting);
    }
    meeting.arrived = 0;
    make_ready(uint32_t(&warp - warps_) * kLanes, meeting.mask);
}

void BlockRunner::finish_together(Warp& warp, const Meeting& meeting)
{
    if (meeting.mask != ~0u)
        refuse_short_warp();
    void* lanes[kLanes];
    for (uint32_t lane = 0; lane < kLanes; lane++)
        lanes[lane] = reinterpret_cast<void*>(uintptr_t(warp.values[lane]));
    warp.function(lanes);
}

void BlockRunner::finish_shuffle(Warp& warp, const Meeting& meeting)
{
    for (uint32_t lanes = meeting.mask; lanes != 0; lanes &= lanes - 1)
    {
        uint32_t lane = uint32_t(__builtin_ctz(lanes));
        uint32_t source = warp.sources[lane];
        if ((meeting.mask >> source & 1) == 0)
            refuse_source(lane, source);
        warp.results[lane] = warp.values[source];
    }
}

inline uint64_t BlockRunner::warp_meeting(
    WarpOperation operation, uint32_t mask, uint64_t value, uint32_t operand, int width, const char* file, int line)
{
    uint32_t lane = number(*running_) % kLanes;
    Warp& warp = warps_[number(*running_) / kLanes];
    mask &= existing_lanes(number(*running_) / kLanes);
    running_->wait = {false, operation, line, file, mask};
    if (!is_segment_width(width))
        refuse_width(width);
    warp.values[lane] = value;
    warp.sources[lane] = uint8_t(source_lane(operation, lane, operand, uint32_t(width)));
    Meeting& meeting = join(warp, lane, mask);
    if (meeting.arrived == mask)
        finish(warp, meeting);
    wait_for_turn();
    return warp.results[lane];
}

void BlockRunner::warp_together(WarpFunction function, void* own, const char* file, int line)
{
    warps_[number(*running_) / kLanes].function = function;
    warp_meeting(WarpOperation::Together, ~0u, uint64_t(uintptr_t(own)), 0, int(kLanes), file, line);
}

// The lanes come next, before all other threads: a warp goes on by itself until it has to wait for the rest of the block. That keeps the
// few stacks in use in the cache, and drives warps as far apart as their barriers allow.
void BlockRunner::make_ready(uint32_t first, uint32_t lanes)
{
    uint16_t released[kLanes];
    uint32_t count = 0;
    for (; lanes != 0; lanes &= lanes - 1)
        released[count++] = uint16_t(first + uint32_t(__builtin_ctz(lanes)));
    if (mode_ == OrderMode::Shuffle)
        random_.shuffle(released, count);
    head_ -= count;
    for (uint32_t i = 0; i < count; i++)
        ready_[(head_ + i) % kMaxThreads] = mode_ == OrderMode::Reverse ? released[count - 1 - i] : released[i];
}

// The refusals stand apart from the checks so that a waiting thread's frame, of which there are many, has no room for their texts.

void BlockRunner::refuse_width(int width)
{
    blame_running_thread("calls " + describe(running_->wait) + " with a width of " + std::to_string(width));
    leave_for_good();
}

void BlockRunner::refuse_mask()
{
    const Wait& wait = running_->wait;
    blame_running_thread("calls " + describe(wait) + " with the mask " + hexadecimal(wait.mask) + ", which leaves its own lane out");
    leave_for_good();
}

void BlockRunner::refuse_meeting(const Meeting& meeting)
{
    const Wait& wait = running_->wait;
    Wait other{false, meeting.operation, meeting.line, wait.file, meeting.mask};
    blame_running_thread("waits at " + describe(wait) + " while lanes of its warp wait at " + describe(other));
    leave_for_good();
}

void BlockRunner::refuse_short_warp()
{
    blame_running_thread("calls " + describe(running_->wait) + " in a warp of fewer than 32 lanes");
    leave_for_good();
}

void BlockRunner::refuse_source(uint32_t lane, uint32_t source)
{
    const Wait& wait = running_->wait;
    blame_running_thread("completes " + describe(wait) + " where lane " + std::to_string(lane) + " reads lane " + std::to_string(source)
        + ", which is not in the mask " + hexadecimal(wait.mask));
    leave_for_good();
}

} // namespace reste

uint64_t reste_warp_meeting(
    reste::WarpOperation operation, uint32_t mask, uint64_t value, uint32_t operand, int width, const char* file, int line)
{
    return reste::BlockRunner::current()->warp_meeting(operation, mask, value, operand, width, file, line);
}

void reste_warp_together(reste::WarpFunction function, void* own, const char* file, int line)
{
    reste::BlockRunner::current()->warp_together(function, own, file, line);
}
