# Target `kernels`: for each kernels/<op>.cu
#   <op>.ptx              compute_80; any later GPU compiles it on load
#   <op>.sm_90a.cubin     with nvcc 12 or newer
#   logs/<op>.<gpu>.log   ptxas' registers, shared memory and spills; the PTX is assembled for every GPU so that each one's warnings count
# and build.txt, which says what was compiled, or in one line why nothing was. Warnings are errors in every step.
include("${CMAKE_CURRENT_LIST_DIR}/find-nvcc.cmake")

set(RESTE_GPUS sm_80 sm_86 sm_89 sm_90)
set(reste_run "${CMAKE_CURRENT_LIST_DIR}/run.cmake")
set(reste_state "${CMAKE_BINARY_DIR}/kernels.txt")

# reste_step(OUTPUT <files> DEPENDS <files> [DEPFILE <file>] [LOG <file>] [TIDY <ptx>] COMMAND <command>): one compiler run.
function(reste_step)
    cmake_parse_arguments(step "" "DEPFILE;LOG;TIDY" "OUTPUT;DEPENDS;COMMAND" ${ARGN})
    set(depfile "")
    if(step_DEPFILE)
        set(depfile DEPFILE "${step_DEPFILE}")
    endif()
    add_custom_command(OUTPUT ${step_OUTPUT}
        COMMAND "${CMAKE_COMMAND}" "-DLOG=${step_LOG}" "-DFAILURES=${CMAKE_BINARY_DIR}/failures.txt" "-DTIDY=${step_TIDY}"
            "-DROOT=${CMAKE_SOURCE_DIR}" -P "${reste_run}" -- ${step_COMMAND}
        DEPENDS ${step_DEPENDS} "${reste_run}" "${CMAKE_CURRENT_FUNCTION_LIST_FILE}" "${reste_state}"
        ${depfile} VERBATIM)
endfunction()

# PTX first and the image from it: the PTX is where paths of this machine can be taken out of the line tables.
function(reste_ptx source gpu ptx)
    get_filename_component(op "${source}" NAME_WE)
    set(depfile "${CMAKE_BINARY_DIR}/work/${op}.${gpu}.d")
    reste_step(OUTPUT "${ptx}" DEPENDS "${source}" DEPFILE "${depfile}" TIDY "${ptx}"
        COMMAND "${nvcc}" -ptx -arch=${gpu} -std=c++17 --Werror all-warnings -lineinfo -MD -MF "${depfile}" "${source}" -o "${ptx}")
endfunction()

function(reste_assemble ptx gpu image log)
    reste_step(OUTPUT "${image}" "${log}" DEPENDS "${ptx}" LOG "${log}"
        COMMAND "${nvcc}" -cubin -arch=${gpu} --Werror all-warnings -lineinfo -Xptxas -v "${ptx}" -o "${image}")
endfunction()

function(reste_add_kernels nvcc version sources)
    set(work "${CMAKE_BINARY_DIR}/work")
    set(logs "${RESTE_IMAGES}/logs")
    file(MAKE_DIRECTORY "${work}" "${logs}")
    set(made "")
    set(images "")
    foreach(source IN LISTS sources)
        get_filename_component(op "${source}" NAME_WE)
        reste_ptx("${source}" compute_80 "${RESTE_IMAGES}/${op}.ptx")
        list(APPEND images "${op}.ptx")
        foreach(gpu IN LISTS RESTE_GPUS)
            reste_assemble("${RESTE_IMAGES}/${op}.ptx" ${gpu} "${work}/${op}.${gpu}.cubin" "${logs}/${op}.${gpu}.log")
            list(APPEND made "${logs}/${op}.${gpu}.log")
        endforeach()
        if(version VERSION_GREATER_EQUAL 12)
            reste_ptx("${source}" compute_90a "${work}/${op}.sm_90a.ptx")
            reste_assemble("${work}/${op}.sm_90a.ptx" sm_90a "${RESTE_IMAGES}/${op}.sm_90a.cubin" "${logs}/${op}.sm_90a.log")
            list(APPEND images "${op}.sm_90a.cubin")
        endif()
    endforeach()
    list(TRANSFORM images PREPEND "${RESTE_IMAGES}/" OUTPUT_VARIABLE paths)
    # Images of kernels that are gone would be embedded too.
    add_custom_target(kernels DEPENDS ${paths} ${made}
        COMMAND "${CMAKE_COMMAND}" "-DIMAGES=${RESTE_IMAGES}" "-DKEEP=${images}" "-DSTATE=${reste_state}"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/prune.cmake"
        VERBATIM)
endfunction()

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/kernels/*.cu")
set(nvcc "")
if(NOT sources)
    set(problem "there is no kernels/*.cu")
else()
    reste_find_nvcc(nvcc version problem)
endif()
if(nvcc)
    reste_try_nvcc("${nvcc}" "${version}" problem)
endif()

if(problem)
    set(text "kernels not compiled: ${problem}")
    add_custom_target(kernels COMMAND "${CMAKE_COMMAND}" -E cat "${reste_state}" VERBATIM)
else()
    set(gpus ${RESTE_GPUS})
    set(formats "PTX for compute_80")
    if(version VERSION_GREATER_EQUAL 12)
        list(APPEND gpus sm_90a)
        string(APPEND formats ", image for sm_90a")
    endif()
    list(JOIN gpus " " gpus)
    set(text "nvcc ${version}: ${formats}\nassembled for: ${gpus}")
    reste_add_kernels("${nvcc}" "${version}" "${sources}")
endif()
message(STATUS "${text}")
# Left alone where nothing changed: every image depends on it.
reste_write("${reste_state}" "${text}")
