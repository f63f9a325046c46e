// write-image LIBRARY IMAGE: writes what a compiler's PTX would say of the kernels in a library, for a host that reads it: entries with
// the sizes of their parameters, the threads of a block they were compiled for, and constants. The library tells them when it is loaded;
// nothing of it is run.
#include "device_runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string>

namespace
{

std::string& text()
{
    static std::string text = ".version 7.8\n.target sm_80\n.address_size 64\n";
    return text;
}

} // namespace

__thread reste::Position reste_position;

void reste_barrier(const char*, int)
{
    abort();
}

uint64_t reste_warp_meeting(reste::WarpOperation, uint32_t, uint64_t, uint32_t, int, const char*, int)
{
    abort();
}

void reste_warp_together(reste::WarpFunction, void*, const char*, int)
{
    abort();
}

void reste_register_kernel(const reste::Kernel* kernel)
{
    std::string parameters;
    for (size_t i = 0; i < kernel->parameter_count; i++)
        parameters += std::string(i == 0 ? "\n" : ",\n") + "\t.param .align " + std::to_string(kernel->parameter_alignments[i]) + " .b8 "
            + kernel->name + "_param_" + std::to_string(i) + "[" + std::to_string(kernel->parameter_sizes[i]) + "]";
    text() += std::string("\n.visible .entry ") + kernel->name + "(" + parameters + "\n)\n.maxntid "
        + std::to_string(kernel->max_threads) + ", 1, 1\n{\n}\n";
}

void reste_register_constant(const char* name, uint32_t value)
{
    text() += std::string(".const .align 4 .u32 ") + name + " = " + std::to_string(value) + ";\n";
}

int main(int argc, char** argv)
{
    if (argc != 3 || dlopen(argv[1], RTLD_NOW) == nullptr)
    {
        fprintf(stderr, "write-image: %s\n", argc != 3 ? "expected LIBRARY IMAGE" : dlerror());
        return 1;
    }
    FILE* file = fopen(argv[2], "w");
    if (file == nullptr || fwrite(text().data(), 1, text().size(), file) != text().size() || fclose(file) != 0)
    {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
