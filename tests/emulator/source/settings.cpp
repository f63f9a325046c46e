#include "settings.h"

#include <algorithm>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thread>

namespace reste
{

namespace
{

unsigned long long number_of(const char* name, unsigned long long otherwise)
{
    const char* text = getenv(name);
    return text == nullptr || *text == '\0' ? otherwise : strtoull(text, nullptr, 10);
}

Version version_of(const char* name, Version otherwise)
{
    const char* text = getenv(name);
    Version version;
    return text != nullptr && parse_version(text, version) ? version : otherwise;
}

OrderMode order_of(const char* name)
{
    const char* text = getenv(name);
    std::string order = text == nullptr ? "forward" : text;
    return order == "reverse" ? OrderMode::Reverse : order == "shuffle" ? OrderMode::Shuffle : OrderMode::Forward;
}

// As the real driver: the list ends at the first entry that is not the number of a device.
std::vector<int> visible_devices(int count)
{
    std::vector<int> devices;
    const char* text = getenv("CUDA_VISIBLE_DEVICES");
    if (text == nullptr)
    {
        for (int i = 0; i < count; i++)
            devices.push_back(i);
        return devices;
    }
    for (char* end = nullptr;; text = end + 1)
    {
        long device = strtol(text, &end, 10);
        if (end == text || device < 0 || device >= count)
            return devices;
        devices.push_back(int(device));
        if (*end != ',')
            return devices;
    }
}

} // namespace

bool parse_version(const char* text, Version& version)
{
    return sscanf(text, "%d.%d", &version.major, &version.minor) == 2;
}

Settings read_settings()
{
    Settings settings;
    settings.init = CUresult(number_of("RESTE_EMULATOR_INIT", 0));
    settings.devices = visible_devices(int(number_of("RESTE_EMULATOR_DEVICES", 1)));
    settings.capability = version_of("RESTE_EMULATOR_CAPABILITY", settings.capability);
    settings.newest_ptx = version_of("RESTE_EMULATOR_PTX", settings.newest_ptx);
    settings.memory = number_of("RESTE_EMULATOR_MEMORY", settings.memory);
    settings.order.mode = order_of("RESTE_EMULATOR_ORDER");
    const char* faulty = getenv("RESTE_EMULATOR_FAULT");
    settings.faulty_kernel = faulty == nullptr ? "" : faulty;
    unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    settings.host_threads = unsigned(std::max(1ull, number_of("RESTE_EMULATOR_THREADS", cores)));
    return settings;
}

} // namespace reste
