// Modules. An image only says for which devices it is; the code is the emulator's own, found by the kernel's name.
#include "block.h"
#include "driver.h"
#include "registry.h"

#include <algorithm>
#include <stdlib.h>
#include <string.h>

using namespace reste;

namespace
{

// The text after the directive, or null. Directives of PTX begin a line.
const char* directive(const char* text, const char* name)
{
    size_t length = strlen(name);
    for (const char* line = text; line != nullptr; line = strchr(line, '\n'))
    {
        line += strspn(line, " \t\r\n");
        if (strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == '\t'))
            return line + length + strspn(line + length, " \t");
    }
    return nullptr;
}

CUresult check_image(const Settings& settings, const char* image, std::string& problem)
{
    if (memcmp(image, "\177ELF", 4) == 0)
    {
        problem = "a compiled image is for a real device";
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    const char* version_text = directive(image, ".version");
    const char* target = directive(image, ".target");
    Version version;
    if (version_text == nullptr || !parse_version(version_text, version) || target == nullptr || strncmp(target, "sm_", 3) != 0)
    {
        problem = "the image is not PTX: .version or .target is missing";
        return CUDA_ERROR_INVALID_IMAGE;
    }
    if (version.number() > settings.newest_ptx.number())
    {
        problem = "the PTX is newer than the emulator was told to accept";
        return CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
    }
    int wanted = atoi(target + 3);
    bool exact = target[3 + strspn(target + 3, "0123456789")] == 'a'; // sm_90a runs on 9.0 only
    int capability = settings.capability.number();
    if (wanted > capability || (exact && wanted != capability))
    {
        problem = "the target of the PTX is above the device's capability";
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    return CUDA_SUCCESS;
}

// Options are integers in place of pointers, and the size of the log is both read and written.
void write_error_log(const std::string& text, unsigned count, const int* options, void** values)
{
    char* buffer = nullptr;
    void** size = nullptr;
    for (unsigned i = 0; i < count; i++)
    {
        if (options[i] == CU_JIT_ERROR_LOG_BUFFER)
            buffer = static_cast<char*>(values[i]);
        if (options[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES)
            size = &values[i];
    }
    if (buffer == nullptr || size == nullptr)
        return;
    size_t room = reinterpret_cast<size_t>(*size) & 0xFFFFFFFF;
    size_t length = room == 0 ? 0 : std::min(room - 1, text.size());
    if (room != 0)
    {
        memcpy(buffer, text.data(), length);
        buffer[length] = '\0';
    }
    *size = reinterpret_cast<void*>(length);
}

// An image without entries stands for every kernel; others, made by a compiler or for the emulator, have only their own.
bool has_entry(const std::string& text, const std::string& name)
{
    static const std::string keyword = ".entry ";
    bool any = false;
    for (size_t at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at + 1))
    {
        any = true;
        size_t start = at + keyword.size();
        if (text.compare(start, name.size(), name) == 0 && strchr(" (\t\r\n", text[start + name.size()]) != nullptr)
            return true;
    }
    return !any;
}

} // namespace

CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned count, int* options, void** values)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (CUresult result = refuse_during_capture(); result != CUDA_SUCCESS)
            return result;
        if (module == nullptr || image == nullptr || (count != 0 && (options == nullptr || values == nullptr)))
            return CUDA_ERROR_INVALID_VALUE;
        std::string problem;
        auto text = static_cast<const char*>(image);
        CUresult result = check_image(state.settings, text, problem);
        write_error_log(problem, count, options, values);
        if (result != CUDA_SUCCESS)
            return result;
        *module = state.modules.add(std::unique_ptr<CUmod_st>(new CUmod_st{&context, text, {}}));
        state.counters.modules++;
        return CUDA_SUCCESS;
    });
}

CUresult cuModuleUnload(CUmodule module)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (!state.modules.has(module))
            return CUDA_ERROR_INVALID_HANDLE;
        CUresult result = drain(module->context);
        for (auto& [name, function] : module->functions)
            state.functions.remove(function);
        state.modules.remove(module);
        return result;
    });
}

CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (!state.modules.has(module))
            return CUDA_ERROR_INVALID_HANDLE;
        if (function == nullptr || name == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        const Kernel* kernel = find_kernel(name);
        if (kernel == nullptr || !has_entry(module->text, name))
            return CUDA_ERROR_NOT_FOUND;
        CUfunction& known = module->functions[name];
        if (known == nullptr)
            known = state.functions.add(std::unique_ptr<CUfunc_st>(new CUfunc_st{module->context, module, kernel}));
        *function = known;
        return CUDA_SUCCESS;
    });
}

CUresult cuFuncGetAttribute(int* value, int attribute, CUfunction function)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (!state.functions.has(function))
            return CUDA_ERROR_INVALID_HANDLE;
        if (value == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        switch (attribute) // numbers as in cuda.h
        {
        case 0: // threads of a block at most
            *value = int(function->kernel->max_threads);
            break;
        case 1: // bytes of shared memory; here those of the whole kernel file
            *value = int(find_shared_memory(*function->kernel).bytes);
            break;
        case 5: // PTX version
        case 6: // binary version
            *value = state.settings.capability.number();
            break;
        default:
            *value = 0;
        }
        return CUDA_SUCCESS;
    });
}
