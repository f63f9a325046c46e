// What the environment asks the emulator to be; read once, by cuInit.
#pragma once

#include "cuda_driver.h"
#include "order.h"

#include <string>
#include <vector>

namespace reste
{

struct Version
{
    int major = 0;
    int minor = 0;

    int number() const { return major * 10 + minor; } // as in sm_90
};

struct PciAddress
{
    int bus = 0;
    int slot = 0;

    int number() const { return bus << 8 | slot; }
};

struct Settings
{
    CUresult init = CUDA_SUCCESS;
    std::vector<PciAddress> devices; // of each visible device
    Version capability{9, 0};
    Version newest_ptx{8, 8};
    size_t memory = size_t(8) << 30; // bytes of each device
    std::string faulty_kernel;
    Order order;
    unsigned host_threads = 1;
};

Settings read_settings();

// "8.8"; false when the text does not begin with two such numbers.
bool parse_version(const char* text, Version& version);

} // namespace reste
