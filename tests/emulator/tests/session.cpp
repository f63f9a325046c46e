#include "session.h"

#include <unistd.h>

const char* const kImage = ".version 7.8\n.target sm_80\n.address_size 64\n";

Session::Session()
{
    CHECK_OK(cuInit(0));
    CHECK_OK(cuDevicePrimaryCtxRetain(&context, 0));
    CHECK_OK(cuCtxSetCurrent(context));
    CHECK_OK(cuModuleLoadDataEx(&module, kImage, 0, nullptr, nullptr));
    CHECK_OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
}

CUfunction Session::function(const char* name) const
{
    CUfunction function = nullptr;
    CHECK_OK(cuModuleGetFunction(&function, module, name));
    return function;
}

CUresult Session::try_launch(const char* name, unsigned grid, unsigned block, std::initializer_list<const void*> arguments) const
{
    std::vector<void*> parameters;
    for (const void* argument : arguments)
        parameters.push_back(const_cast<void*>(argument));
    return cuLaunchKernel(function(name), grid, 1, 1, block, 1, 1, 0, stream, parameters.data(), nullptr);
}

void Session::launch(const char* name, unsigned grid, unsigned block, std::initializer_list<const void*> arguments) const
{
    CHECK_OK(try_launch(name, grid, block, arguments));
}

void Session::synchronise() const
{
    CHECK_OK(cuStreamSynchronize(stream));
}

std::vector<float> count_up(size_t count)
{
    std::vector<float> values;
    for (size_t i = 0; i < count; i++)
        values.push_back(float(i + 1));
    return values;
}

std::string stderr_of(const std::function<void()>& action)
{
    FILE* file = tmpfile();
    CHECK(file != nullptr);
    fflush(stderr);
    int before = dup(2);
    dup2(fileno(file), 2);
    action();
    fflush(stderr);
    dup2(before, 2);
    close(before);
    rewind(file);
    std::string text(4096, '\0');
    text.resize(fread(text.data(), 1, text.size(), file));
    fclose(file);
    return text;
}
