# SPDX-License-Identifier: Apache-2.0
# turnpike_add_exec_program(TARGET SOURCES a.c … [COMPILER gcc] [OPTIONS -O2 …]): TARGET.elf in the current build folder,
# a freestanding program for `turnpike exec`. One compiler call, so that any compiler can be tried beside the project's;
# object files of TURNPIKE_EXEC_COMPILE_OPTIONS may be among the sources.
set(TURNPIKE_EXEC_RUNTIME "${CMAKE_CURRENT_LIST_DIR}/runtime")
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH examples)
cmake_path(GET examples PARENT_PATH TURNPIKE_EXEC_TREE)

# Integer registers only, no host headers but the compiler's own (stdint.h, stddef.h, stdarg.h, limits.h).
set(TURNPIKE_EXEC_COMPILE_OPTIONS -g -ffreestanding -fno-pic -mno-red-zone -mgeneral-regs-only -fno-stack-protector
    -fno-asynchronous-unwind-tables -fcf-protection=none "-I${TURNPIKE_EXEC_TREE}"
    -isystem "${TURNPIKE_EXEC_RUNTIME}/include")
set(TURNPIKE_EXEC_LINK_OPTIONS -static -nostdlib "-Wl,-T,${TURNPIKE_EXEC_RUNTIME}/exec.ld" -Wl,--build-id=none
    -Wl,-z,noexecstack -Wl,-z,max-page-size=4096)

function(turnpike_add_exec_program target)
  cmake_parse_arguments(EXEC "" "COMPILER" "SOURCES;OPTIONS" ${ARGN})
  if(NOT EXEC_COMPILER)
    set(EXEC_COMPILER "${CMAKE_C_COMPILER}")
  endif()
  file(GLOB runtime CONFIGURE_DEPENDS "${TURNPIKE_EXEC_RUNTIME}/*.c" "${TURNPIKE_EXEC_RUNTIME}/*.S")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}.elf")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${EXEC_COMPILER}" ${EXEC_OPTIONS} ${TURNPIKE_EXEC_COMPILE_OPTIONS} ${TURNPIKE_EXEC_LINK_OPTIONS}
            ${runtime} ${EXEC_SOURCES} -o "${output}"
    DEPENDS ${runtime} ${EXEC_SOURCES} "${TURNPIKE_EXEC_RUNTIME}/exec.ld"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" VERBATIM COMMAND_EXPAND_LISTS)
  add_custom_target(${target} ALL DEPENDS "${output}")
endfunction()
