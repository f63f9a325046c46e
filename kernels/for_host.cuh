// Numbers that the host makes grids of. It reads them from the compiled text, where a constant stands with its value, as it reads block
// sizes from what __launch_bounds__ became there: they are stated here and nowhere else.
#pragma once
#include <stdint.h>

#ifdef RESTE_EMULATOR
#define FOR_HOST(name, value) RESTE_REGISTER_CONSTANT(name, value)
#else
#define FOR_HOST(name, value) extern "C" __constant__ const uint32_t name = value;
#endif
