# reste_add_kernel(<target variable> <file.cu>): compiles a kernel file into a library of its own.
#
# Its thread-local block then is exactly the file's shared variables, which is how the emulator finds them to poison them before
# each block; and only those, so a large one elsewhere costs nothing. The library uses the emulator's functions and is loaded with it.
function(reste_add_kernel target_variable file)
    get_filename_component(file "${file}" ABSOLUTE)
    get_filename_component(op "${file}" NAME_WE)
    get_filename_component(folder "${file}" DIRECTORY)
    set(target reste-kernel-${op})
    set(source "${CMAKE_CURRENT_BINARY_DIR}/generated/${op}.cpp")
    set(generator "${RESTE_EMULATOR_SOURCE_DIR}/cmake/GenerateKernel.cmake")
    add_custom_command(
        OUTPUT "${source}"
        COMMAND ${CMAKE_COMMAND} -DKERNEL=${file} -DOUTPUT=${source} -P ${generator}
        DEPENDS "${file}" "${generator}"
        COMMENT "Reading the entries of ${op}.cu"
        VERBATIM)

    add_library(${target} SHARED "${source}")
    target_include_directories(${target} PRIVATE "${RESTE_EMULATOR_SOURCE_DIR}/include" "${folder}")
    target_compile_features(${target} PRIVATE cxx_std_17)
    # As nvcc compiles: pointers of other types may alias, maths sets no errno. Unlike nvcc: no fused multiply-add that the author did not
    # write.
    target_compile_options(${target} PRIVATE ${RESTE_EMULATOR_OPTIONS} ${RESTE_EMULATOR_NATIVE} -O3 -ffp-contract=off
        -fno-strict-aliasing -fno-math-errno -fno-trapping-math -Wno-unknown-pragmas)
    target_link_options(${target} PRIVATE ${RESTE_EMULATOR_LINK_OPTIONS})
    set_target_properties(${target} PROPERTIES
        CXX_VISIBILITY_PRESET hidden
        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/kernels")

    # The image that stands for the file's device code; the emulator finds the code by the kernel's name.
    set(image "${CMAKE_CURRENT_BINARY_DIR}/kernels/${op}.ptx")
    add_custom_command(
        OUTPUT "${image}"
        COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0 $<TARGET_FILE:reste-write-image> $<TARGET_FILE:${target}> "${image}"
        DEPENDS reste-write-image ${target}
        COMMENT "Writing ${op}.ptx"
        VERBATIM)
    add_custom_target(reste-image-${op} ALL DEPENDS "${image}")
    set(${target_variable} ${target} PARENT_SCOPE)
endfunction()
