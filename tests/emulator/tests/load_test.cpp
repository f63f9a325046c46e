// Loads the library at run time, with its names kept to itself, and runs a kernel: the way the engine uses it.
#include "cuda_driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

namespace
{

void* library;

// Calls a function of the library by name; ends the program when it fails.
template <typename... Arguments>
void call(const char* name, Arguments... arguments)
{
    auto function = reinterpret_cast<CUresult (*)(Arguments...)>(dlsym(library, name));
    int result = function == nullptr ? -1 : int(function(arguments...));
    if (result != 0)
    {
        printf("%s: %d\n", name, result);
        exit(1);
    }
}

} // namespace

int main(int, char** arguments)
{
    library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
    {
        printf("%s\n", dlerror());
        return 1;
    }
    CUcontext context{};
    CUmodule module{};
    CUfunction function{};
    CUdeviceptr x = 0, y = 0;
    uint32_t count = 128;
    float ones[128], sum = 0;
    for (float& one : ones)
        one = 1;
    CUstream stream{};
    call("cuInit", 0u);
    call("cuDevicePrimaryCtxRetain", &context, CUdevice(0));
    call("cuCtxSetCurrent", context);
    call("cuModuleLoadDataEx", &module, static_cast<const void*>(".version 7.8\n.target sm_80\n"), 0u, static_cast<int*>(nullptr),
        static_cast<void**>(nullptr));
    call("cuModuleGetFunction", &function, module, static_cast<const char*>("sound_block_sum"));
    call("cuMemAlloc_v2", &x, sizeof ones);
    call("cuMemAlloc_v2", &y, sizeof sum);
    call("cuMemcpyHtoDAsync_v2", x, static_cast<const void*>(ones), sizeof ones, stream);
    void* parameters[] = {&x, &y, &count};
    call("cuLaunchKernel", function, 1u, 1u, 1u, 128u, 1u, 1u, 0u, stream, static_cast<void**>(parameters), static_cast<void**>(nullptr));
    call("cuMemcpyDtoHAsync_v2", static_cast<void*>(&sum), y, sizeof sum, stream);
    call("cuStreamSynchronize", stream);
    printf("sum %g\n", double(sum));
    dlclose(library);
    return sum == 128 ? 0 : 1;
}
