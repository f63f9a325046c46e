// Initialisation and the emulator's own controls.
#include "driver.h"

#include <stdlib.h>
#include <string.h>

using namespace reste;

namespace
{

constexpr int kDriverVersion = 12090; // the CUDA release whose newest PTX is 8.8

// Asked before cuInit too.
int driver_version()
{
    const char* text = getenv("RESTE_EMULATOR_DRIVER");
    return text == nullptr || *text == '\0' ? kDriverVersion : atoi(text);
}

struct ThreadOrder
{
    Order order;
    bool set = false;
};

thread_local ThreadOrder thread_order;

} // namespace

CUresult cuInit(unsigned flags)
{
    Driver& state = driver();
    std::lock_guard guard(state.lock);
    if (flags != 0)
        return CUDA_ERROR_INVALID_VALUE;
    if (state.initialised)
        return CUDA_SUCCESS;
    state.settings = read_settings();
    if (state.settings.init != CUDA_SUCCESS)
        return state.settings.init;
    if (state.settings.devices.empty())
        return CUDA_ERROR_NO_DEVICE;
    for (size_t i = 0; i < state.settings.devices.size(); i++)
        state.contexts.push_back(std::make_unique<CUctx_st>(int(i)));
    state.initialised = true;
    return CUDA_SUCCESS;
}

CUresult cuDriverGetVersion(int* version)
{
    if (version == nullptr)
        return CUDA_ERROR_INVALID_VALUE;
    *version = driver_version();
    return CUDA_SUCCESS;
}

Order reste::current_order()
{
    return thread_order.set ? thread_order.order : driver().settings.order;
}

void reste_emulator_set_order(int order, uint64_t seed)
{
    bool known = order >= int(OrderMode::Forward) && order <= int(OrderMode::Shuffle);
    thread_order = {{known ? OrderMode(order) : OrderMode::Forward, seed}, true};
}

void reste_emulator_take(uint64_t bytes)
{
    Driver& state = driver();
    std::lock_guard guard(state.lock);
    state.taken = bytes;
}

uint64_t reste_emulator_count(const char* what)
{
    Driver& state = driver();
    std::lock_guard guard(state.lock);
    const Counters& counters = state.counters;
    const struct
    {
        const char* name;
        uint64_t value;
    } table[] = {
        {"launches", counters.launches},
        {"dependent_launches", counters.dependent_launches},
        {"graph_launches", counters.graph_launches},
        {"allocations", counters.allocations},
        {"host_allocations", counters.host_allocations},
        {"modules", counters.modules},
        {"bytes", counters.bytes},
    };
    for (auto& row : table)
        if (what != nullptr && strcmp(row.name, what) == 0)
            return row.value;
    return 0;
}
