// The line on stderr that says what a failed kernel did.
#include "block.h"

#include <stdio.h>
#include <string.h>

namespace reste
{

namespace
{

struct Group
{
    std::string what;
    uint32_t threads;
    uint32_t first;
};

std::string state_of(const Thread& thread)
{
    if (thread.fiber == nullptr)
        return "ended";
    std::string mask;
    if (!thread.wait.at_barrier)
    {
        char text[32];
        snprintf(text, sizeof text, " with the mask 0x%08x", thread.wait.mask);
        mask = text;
    }
    return "waiting at " + describe(thread.wait) + mask;
}

std::vector<Group> group_by_state(const Thread* threads, uint32_t count)
{
    std::vector<Group> groups;
    for (uint32_t i = 0; i < count; i++)
    {
        std::string state = state_of(threads[i]);
        Group* known = nullptr;
        for (Group& group : groups)
            if (group.what == state)
                known = &group;
        if (known != nullptr)
            known->threads++;
        else
            groups.push_back({state, 1, i});
    }
    return groups;
}

} // namespace

std::string describe(const Wait& wait)
{
    static const char* const names[] = {"__shfl_sync", "__shfl_down_sync", "__shfl_xor_sync", "__ballot_sync", "a warp's instruction"};
    const char* slash = strrchr(wait.file, '/');
    std::string name = wait.at_barrier ? "__syncthreads" : names[int(wait.operation)];
    return name + " (" + (slash == nullptr ? wait.file : slash + 1) + ":" + std::to_string(wait.line) + ")";
}

std::string describe_standstill(const Thread* threads, uint32_t count)
{
    std::string text = "its threads wait for each other for ever: ";
    const char* separator = "";
    for (const Group& group : group_by_state(threads, count))
    {
        text += separator + std::to_string(group.threads) + " " + group.what + " (the first is " + std::to_string(group.first) + ")";
        separator = ", ";
    }
    return text;
}

void report_failure(const Launch& launch, uint3 block, const std::string& reason)
{
    fprintf(stderr, "cuda emulator: kernel %s, block (%u,%u,%u): %s\n", launch.kernel().name, block.x, block.y, block.z, reason.c_str());
}

} // namespace reste
