# What each kernels/<op>.cu is compiled for. A target is
#   compute_80    PTX, <op>.ptx: every GPU from that capability on compiles it when it is loaded; one a file
#   sm_90a        machine code for one kind of GPU, <op>.sm_90a.cubin
# A file without a row of its own is compiled for the targets of the row `default`. build/gpu/stages/images.sh reads these rows too: one a
# line, "<op>: <targets>".
set(RESTE_TARGETS
    "default: compute_80 sm_90a"
)

# The oldest nvcc that knows a target, where that is not the oldest one that can be used at all; an older one leaves the target out.
set(RESTE_TARGETS_NVCC
    "sm_90a: 12.0"
)

# The GPUs that PTX is assembled for, those that it can run on, so that each one's warnings, registers and spills are seen.
set(RESTE_GPUS sm_80 sm_86 sm_89 sm_90)

# reste_row(<variable> <table> <key>): the words of a row, or nothing.
function(reste_row variable table key)
    set(${variable} "" PARENT_SCOPE)
    foreach(row IN LISTS ${table})
        if(row MATCHES "^([^:]+):(.*)$" AND CMAKE_MATCH_1 STREQUAL key)
            separate_arguments(words UNIX_COMMAND "${CMAKE_MATCH_2}")
            set(${variable} "${words}" PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

# reste_check_targets(<ops>): every row is of a file that is there and names targets, one of them PTX, which the engine reads blocks from.
function(reste_check_targets ops)
    foreach(row IN LISTS RESTE_TARGETS)
        string(REGEX REPLACE ":.*" "" op "${row}")
        reste_row(targets RESTE_TARGETS "${op}")
        if(NOT op IN_LIST ops AND NOT op STREQUAL default)
            message(FATAL_ERROR "build/kernels/targets.cmake has a row for ${op}, but there is no kernels/${op}.cu")
        endif()
        foreach(target IN LISTS targets)
            if(NOT target MATCHES "^(compute_[0-9]+|sm_[0-9]+[af]?)$")
                message(FATAL_ERROR "build/kernels/targets.cmake: ${op} names '${target}', which is not like compute_80, sm_90 or sm_90a")
            endif()
        endforeach()
        set(texts "${targets}")
        list(FILTER texts INCLUDE REGEX "^compute_")
        list(LENGTH texts count)
        if(NOT count EQUAL 1)
            message(FATAL_ERROR "build/kernels/targets.cmake: ${op} needs one target that is PTX, such as compute_80, and only one")
        endif()
    endforeach()
endfunction()

# reste_targets(<variable> <op> <version of nvcc>): what a file is compiled for.
function(reste_targets variable op version)
    reste_row(targets RESTE_TARGETS "${op}")
    if(NOT targets)
        reste_row(targets RESTE_TARGETS default)
    endif()
    set(known "")
    foreach(target IN LISTS targets)
        reste_row(oldest RESTE_TARGETS_NVCC "${target}")
        if(NOT oldest OR version VERSION_GREATER_EQUAL oldest)
            list(APPEND known "${target}")
        endif()
    endforeach()
    set(${variable} "${known}" PARENT_SCOPE)
endfunction()

# reste_gpus(<variable> <targets> <target>): what PTX is assembled for to look at: the GPUs that it runs on and that have no code of
# their own among the targets.
function(reste_gpus variable targets target)
    string(REGEX REPLACE "^compute_" "" oldest "${target}")
    set(gpus "")
    foreach(gpu IN LISTS RESTE_GPUS)
        string(REGEX REPLACE "^sm_" "" number "${gpu}")
        if(number GREATER_EQUAL oldest AND NOT gpu IN_LIST targets)
            list(APPEND gpus "${gpu}")
        endif()
    endforeach()
    set(${variable} "${gpus}" PARENT_SCOPE)
endfunction()
