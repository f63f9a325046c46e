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

// The devices from the fastest to the slowest, which is the driver's own order: the addresses given, then others that count on.
std::vector<PciAddress> fastest_first()
{
    std::vector<PciAddress> devices;
    const char* text = getenv("RESTE_EMULATOR_PCI");
    for (PciAddress address; text != nullptr && sscanf(text, "%x:%x", &address.bus, &address.slot) == 2;)
    {
        devices.push_back(address);
        const char* comma = strchr(text, ',');
        text = comma == nullptr ? nullptr : comma + 1;
    }
    devices.resize(size_t(number_of("RESTE_EMULATOR_DEVICES", std::max(size_t(1), devices.size()))));
    for (size_t i = 0; i < devices.size(); i++)
        if (devices[i].bus == 0)
            devices[i].bus = int(i) + 1;
    return devices;
}

// As the real driver numbers them.
std::vector<PciAddress> ordered_devices()
{
    std::vector<PciAddress> devices = fastest_first();
    const char* order = getenv("CUDA_DEVICE_ORDER");
    if (order != nullptr && strcmp(order, "PCI_BUS_ID") == 0)
        std::sort(devices.begin(), devices.end(), [](auto& a, auto& b) { return a.number() < b.number(); });
    return devices;
}

// As the real driver: the list ends at the first entry that is not the number of a device.
std::vector<PciAddress> visible_devices(const std::vector<PciAddress>& all)
{
    std::vector<PciAddress> devices;
    const char* text = getenv("CUDA_VISIBLE_DEVICES");
    if (text == nullptr)
        return all;
    for (char* end = nullptr;; text = end + 1)
    {
        long device = strtol(text, &end, 10);
        if (end == text || device < 0 || size_t(device) >= all.size())
            return devices;
        devices.push_back(all[size_t(device)]);
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
    settings.devices = visible_devices(ordered_devices());
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
