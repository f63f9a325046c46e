// One kernel launch: everything fixed when cuLaunchKernel was called.
#pragma once

#include "device_runtime.h"
#include "order.h"

#include <stddef.h>
#include <vector>

namespace reste
{

class Launch
{
public:
    // Copies each argument, as the driver does: what the caller writes there later has no effect.
    Launch(const Kernel& kernel, uint3 grid, uint3 block, void** parameters);
    Launch(const Launch&) = delete;
    Launch& operator=(const Launch&) = delete;

    const Kernel& kernel() const { return kernel_; }
    uint3 grid() const { return grid_; }
    uint3 block() const { return block_; }
    uint64_t blocks() const { return uint64_t(grid_.x) * grid_.y * grid_.z; }
    uint3 block_index(uint64_t block) const;

    // Kernels take their parameters by value, so no thread changes what the next one gets.
    void** arguments() const { return const_cast<void**>(arguments_.data()); }

private:
    const Kernel& kernel_;
    uint3 grid_;
    uint3 block_;
    std::vector<std::byte> storage_;
    std::vector<void*> arguments_;
};

// Runs all blocks, spread over at most this many host threads. False when the kernel failed; one line on stderr says why.
bool run_grid(const Launch& launch, Order order, unsigned host_threads);

} // namespace reste
