# Run at build time: writes the translation unit that compiles one kernel file for the host and registers its entries.
#   cmake -DKERNEL=<file.cu> -DOUTPUT=<file.cpp> -P GenerateKernel.cmake
file(READ "${KERNEL}" text)

# Comments may mention entries that do not exist. Brackets and semicolons would upset CMake's lists.
string(REGEX REPLACE "//[^\n]*" "" text "${text}")
string(REGEX REPLACE "/\\*([^*]|\\*+[^*/])*\\*+/" "" text "${text}")
string(REGEX REPLACE "[][;]" " " text "${text}")

set(bounds "__launch_bounds__[ \t\r\n]*\\(([^()]*)\\)")
set(name "([A-Za-z_][A-Za-z0-9_]*)[ \t\r\n]*\\(")
set(entry "extern[ \t\r\n]+\"C\"[ \t\r\n]+__global__[ \t\r\n]+void[ \t\r\n]+(${bounds}[ \t\r\n]*)?${name}")
string(REGEX MATCHALL "${entry}" entries "${text}")

set(registrations "")
foreach(match IN LISTS entries)
    string(REGEX MATCH "${entry}" whole "${match}")
    set(limit "${CMAKE_MATCH_2}")
    set(kernel "${CMAKE_MATCH_3}")
    string(REGEX REPLACE ",.*" "" limit "${limit}") # the second number asks for blocks a multiprocessor
    if(limit STREQUAL "")
        string(APPEND registrations "RESTE_REGISTER_KERNEL(${kernel})\n")
    else()
        string(APPEND registrations "RESTE_REGISTER_KERNEL(${kernel}, ${limit})\n")
    endif()
endforeach()
if(registrations STREQUAL "")
    message(FATAL_ERROR "${KERNEL} has no extern \"C\" __global__ entry")
endif()

file(WRITE "${OUTPUT}" "#include \"cuda_emulator.h\"\n#include \"${KERNEL}\"\n#include \"kernel_registration.h\"\n\n${registrations}")
