# SPDX-License-Identifier: Apache-2.0
# How a firmware image is made; used by this tree and by variants built outside of it (examples/firmware-variant).
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH TURNPIKE_FIRMWARE_SOURCE_DIR)

file(GLOB TURNPIKE_FIRMWARE_SOURCES CONFIGURE_DEPENDS
     "${CMAKE_CURRENT_LIST_DIR}/hal/*.cpp" "${CMAKE_CURRENT_LIST_DIR}/kernel/*.cpp"
     "${CMAKE_CURRENT_LIST_DIR}/driver/*.cpp" "${CMAKE_CURRENT_LIST_DIR}/wire/*.cpp"
     "${CMAKE_CURRENT_LIST_DIR}/lpm/*.cpp"
     "${CMAKE_CURRENT_LIST_DIR}/net/*.cpp" "${CMAKE_CURRENT_LIST_DIR}/app/*.cpp"
     "${CMAKE_CURRENT_LIST_DIR}/user/*.user.cpp")
file(GLOB TURNPIKE_FIRMWARE_X86_SOURCES CONFIGURE_DEPENDS
     "${CMAKE_CURRENT_LIST_DIR}/hal/x86/*.cpp" "${CMAKE_CURRENT_LIST_DIR}/hal/x86/*.S")

# No host options: no sanitizers, no red zone (interrupts use the same stack), no vector registers. Every core since 2008
# counts bits in one instruction, on which routing tables live.
set(TURNPIKE_FIRMWARE_OPTIONS
    -O2 -g -ffreestanding -fno-pic -mcmodel=small -mno-red-zone -mgeneral-regs-only -mpopcnt -fno-stack-protector
    -fno-asynchronous-unwind-tables -fcf-protection=none -fno-sanitize=all -Wall -Wextra -Wshadow
    "-ffile-prefix-map=${TURNPIKE_FIRMWARE_SOURCE_DIR}=.")

# turnpike_add_firmware(TARGET OUTPUT file.elf [SOURCES more.cpp …] [REPLACES sw/kernel/pfifo_fast.cpp …]):
# an image of the whole firmware plus SOURCES, less the files named by REPLACES (relative to the Turnpike tree).
function(turnpike_add_firmware target)
  cmake_parse_arguments(FW "" "OUTPUT" "SOURCES;REPLACES" ${ARGN})
  set(sources ${TURNPIKE_FIRMWARE_SOURCES} ${TURNPIKE_FIRMWARE_X86_SOURCES})
  foreach(file ${FW_REPLACES})
    set(path "${TURNPIKE_FIRMWARE_SOURCE_DIR}/${file}")
    if(NOT path IN_LIST sources)
      message(FATAL_ERROR "${file} is no source of the firmware")
    endif()
    list(REMOVE_ITEM sources "${path}")
  endforeach()
  set(script "${TURNPIKE_FIRMWARE_SOURCE_DIR}/sw/app/firmware.ld")
  add_executable(${target} ${sources} ${FW_SOURCES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME "${FW_OUTPUT}" CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
                        CXX_EXTENSIONS OFF INTERPROCEDURAL_OPTIMIZATION OFF POSITION_INDEPENDENT_CODE OFF
                        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}" LINK_DEPENDS "${script}")
  target_include_directories(${target} PRIVATE "${TURNPIKE_FIRMWARE_SOURCE_DIR}")
  target_compile_definitions(${target} PRIVATE TURNPIKE_FIRMWARE)
  target_compile_options(${target} PRIVATE ${TURNPIKE_FIRMWARE_OPTIONS}
                         $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti>)
  target_link_options(${target} PRIVATE -nostdlib -static -no-pie -fno-sanitize=all "-Wl,-T,${script}"
                      -Wl,--build-id=none)
endfunction()
