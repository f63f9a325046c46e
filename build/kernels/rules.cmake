# Target `kernels`: for each kernels/<op>.cu and each of its targets (targets.cmake)
#   <op>.ptx              PTX, which any later GPU compiles on load
#   <op>.<gpu>.cubin      machine code
#   logs/<op>.<gpu>.log   ptxas' registers, shared memory and spills; PTX is assembled for every GPU so that each one's warnings count
# and build.txt, which says what was compiled, or in one line why nothing was, and assembled.txt, which has a row for each log: the file's
# name, the GPU, and the PTX that was assembled. Warnings are errors in every step.
include("${CMAKE_CURRENT_LIST_DIR}/find-nvcc.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/targets.cmake")

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

# PTX that is an image, assembled for the GPUs that it runs on. Adds to `images` and `rows` of the caller, as reste_code does.
function(reste_text source op target targets)
    reste_ptx("${source}" ${target} "${RESTE_IMAGES}/${op}.ptx")
    list(APPEND images "${op}.ptx")
    reste_gpus(gpus "${targets}" ${target})
    foreach(gpu IN LISTS gpus)
        reste_assemble("${RESTE_IMAGES}/${op}.ptx" ${gpu} "${work}/${op}.${gpu}.cubin" "${logs}/${op}.${gpu}.log")
        list(APPEND rows "${op} ${gpu} ${RESTE_IMAGES}/${op}.ptx")
    endforeach()
    set(images "${images}" PARENT_SCOPE)
    set(rows "${rows}" PARENT_SCOPE)
endfunction()

# Machine code for one kind of GPU, by way of PTX that is none of the images.
function(reste_code source op gpu)
    string(REGEX REPLACE "^sm_" "compute_" virtual "${gpu}")
    reste_ptx("${source}" ${virtual} "${work}/${op}.${gpu}.ptx")
    reste_assemble("${work}/${op}.${gpu}.ptx" ${gpu} "${RESTE_IMAGES}/${op}.${gpu}.cubin" "${logs}/${op}.${gpu}.log")
    list(APPEND images "${op}.${gpu}.cubin")
    list(APPEND rows "${op} ${gpu} ${work}/${op}.${gpu}.ptx")
    set(images "${images}" PARENT_SCOPE)
    set(rows "${rows}" PARENT_SCOPE)
endfunction()

function(reste_add_kernels nvcc version sources)
    set(work "${CMAKE_BINARY_DIR}/work")
    set(logs "${RESTE_IMAGES}/logs")
    file(MAKE_DIRECTORY "${work}" "${logs}")
    set(rows "")
    set(images "")
    foreach(source IN LISTS sources)
        get_filename_component(op "${source}" NAME_WE)
        reste_targets(targets "${op}" "${version}")
        foreach(target IN LISTS targets)
            if(target MATCHES "^compute_")
                reste_text("${source}" "${op}" ${target} "${targets}")
            else()
                reste_code("${source}" "${op}" ${target})
            endif()
        endforeach()
    endforeach()
    list(TRANSFORM images PREPEND "${RESTE_IMAGES}/" OUTPUT_VARIABLE paths)
    list(TRANSFORM rows REPLACE "^([^ ]+) ([^ ]+) .*" "\\1.\\2.log" OUTPUT_VARIABLE reports)
    list(TRANSFORM reports PREPEND "${logs}/" OUTPUT_VARIABLE report_paths)
    list(JOIN rows "\n" assembled)
    reste_write("${CMAKE_BINARY_DIR}/assembled.txt" "${assembled}")
    # Images of kernels and targets that are gone would be embedded too.
    add_custom_target(kernels DEPENDS ${paths} ${report_paths}
        COMMAND "${CMAKE_COMMAND}" "-DIMAGES=${RESTE_IMAGES}" "-DKEEP=${images}" "-DKEEP_LOGS=${reports}"
            "-DSTATE=${reste_state}" "-DASSEMBLED=${CMAKE_BINARY_DIR}/assembled.txt" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/prune.cmake"
        VERBATIM)
endfunction()

# What the files of all kernels are compiled for together, in words.
function(reste_describe_targets variable version ops)
    set(all "")
    set(gpus "")
    foreach(op IN LISTS ops)
        reste_targets(targets "${op}" "${version}")
        foreach(target IN LISTS targets)
            list(APPEND all "${target}")
            if(target MATCHES "^compute_")
                reste_gpus(seen "${targets}" ${target})
                list(APPEND gpus ${seen})
            endif()
        endforeach()
    endforeach()
    list(REMOVE_DUPLICATES all)
    set(codes "${all}")
    list(FILTER codes INCLUDE REGEX "^sm_")
    list(APPEND gpus ${codes})
    list(REMOVE_DUPLICATES gpus)
    list(TRANSFORM all REPLACE "^(compute_)" "PTX for \\1")
    list(TRANSFORM all REPLACE "^(sm_)" "image for \\1")
    list(JOIN all ", " formats)
    list(JOIN gpus " " gpus)
    set(${variable} "${formats}\nassembled for: ${gpus}" PARENT_SCOPE)
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
    list(TRANSFORM sources REPLACE "^.*/([^/]+)\\.cu$" "\\1" OUTPUT_VARIABLE ops)
    reste_check_targets("${ops}")
    reste_describe_targets(targets "${version}" "${ops}")
    set(text "nvcc ${version}: ${targets}")
    reste_add_kernels("${nvcc}" "${version}" "${sources}")
endif()
message(STATUS "${text}")
# Left alone where nothing changed: every image depends on it.
reste_write("${reste_state}" "${text}")
