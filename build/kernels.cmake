# cmake [-DREPORT=<file>] -P build/kernels.cmake
# Compiles kernels/*.cu into build/out/kernels, or says in one line why it does not; where there is no compiler that works here that is
# success. A kernel that does not compile is a failure, though not of the .NET build. REPORT receives a copy of build.txt, or that line.
cmake_minimum_required(VERSION 3.21)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(binary "${root}/build/out/cmake")
include("${CMAKE_CURRENT_LIST_DIR}/kernels/report.cmake")
if(NOT REPORT)
    set(REPORT "${root}/build/out/kernels/build.txt")
endif()

# Several projects of a solution may build at once.
file(MAKE_DIRECTORY "${binary}")
file(LOCK "${root}/build/out/kernels.lock" GUARD PROCESS TIMEOUT 900)

function(report text)
    reste_write("${REPORT}" "${text}")
    execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${text}")
endfunction()

# Where a kernel fails: the compiler's own words, without the build tool's around them, and their first error as the report.
function(run_or_stop)
    set(failures "${binary}/failures.txt")
    file(REMOVE "${failures}")
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        if(EXISTS "${failures}")
            file(READ "${failures}" text)
        else()
            file(WRITE "${failures}" "${text}")
        endif()
        message("${text}")
        reste_reason(line "${text}" "${result}")
        string(REPLACE "${root}/" "" line "${line}")
        report("kernels not compiled: ${line} (all of it: build/out/cmake/failures.txt)")
        message(FATAL_ERROR "kernels do not compile")
    endif()
endfunction()

# Ninja where it is found, else make: a tree that was made with one cannot be used with the other.
find_program(ninja NAMES ninja ninja-build NO_CACHE)
find_program(make NAMES make gmake nmake NO_CACHE)
if(NOT ninja AND NOT make)
    report("kernels not compiled: neither ninja nor make found")
    return()
endif()
set(generator "")
if(ninja AND NOT EXISTS "${binary}/CMakeCache.txt")
    set(generator -G Ninja)
endif()

run_or_stop("${CMAKE_COMMAND}" -S "${root}" -B "${binary}" ${generator})
file(READ "${binary}/kernels.txt" text)
string(STRIP "${text}" text)
if(NOT text MATCHES "^kernels not compiled")
    cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
    run_or_stop("${CMAKE_COMMAND}" --build "${binary}" --target kernels --parallel ${cores})
endif()
report("${text}")
