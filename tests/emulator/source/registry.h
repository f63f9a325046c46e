// All kernels compiled into the emulator, by name.
#pragma once

#include "device_runtime.h"

#include <string>

namespace reste
{

// Null when there is no such kernel.
const Kernel* find_kernel(const std::string& name);

} // namespace reste
