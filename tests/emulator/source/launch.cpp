#include "launch.h"

#include <string.h>

namespace reste
{

Launch::Launch(const Kernel& kernel, uint3 grid, uint3 block, void** parameters) : kernel_(kernel), grid_(grid), block_(block)
{
    std::vector<size_t> offsets;
    size_t bytes = 0;
    for (size_t i = 0; i < kernel.parameter_count; i++)
    {
        size_t alignment = kernel.parameter_alignments[i];
        bytes = (bytes + alignment - 1) / alignment * alignment;
        offsets.push_back(bytes);
        bytes += kernel.parameter_sizes[i];
    }
    storage_.resize(bytes); // operator new aligns to 16 bytes, the most that a parameter asks for
    for (size_t i = 0; i < kernel.parameter_count; i++)
    {
        memcpy(storage_.data() + offsets[i], parameters[i], kernel.parameter_sizes[i]);
        arguments_.push_back(storage_.data() + offsets[i]);
    }
}

uint3 Launch::block_index(uint64_t block) const
{
    uint64_t row = block / grid_.x;
    return {uint32_t(block % grid_.x), uint32_t(row % grid_.y), uint32_t(row / grid_.y)};
}

} // namespace reste
