# SPDX-License-Identifier: Apache-2.0
# The program with RTL in which one constant of each block is another: lockstep has to notice. Classes and names are the
# right ones'; as object files they go before those in the libraries.

# broken_copy(VARIABLE FILE file FROM text TO text SOURCES files…): the sources, one of them as a copy in which FROM is
# TO. Ends the configuration where FROM is not there exactly once.
function(broken_copy variable)
  cmake_parse_arguments(BROKEN "" "FILE;FROM;TO" "SOURCES" ${ARGN})
  set(original "${CMAKE_SOURCE_DIR}/rtl/${BROKEN_FILE}")
  set(copy "${CMAKE_CURRENT_BINARY_DIR}/broken/${BROKEN_FILE}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${original}")
  file(READ "${original}" text)
  string(FIND "${text}" "${BROKEN_FROM}" first)
  string(FIND "${text}" "${BROKEN_FROM}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "${BROKEN_FILE}: '${BROKEN_FROM}' is not there exactly once")
  endif()
  string(REPLACE "${BROKEN_FROM}" "${BROKEN_TO}" text "${text}")
  file(CONFIGURE OUTPUT "${copy}" CONTENT "${text}" @ONLY)
  list(TRANSFORM BROKEN_SOURCES REPLACE "^${original}$" "${copy}")
  set(${variable} "${BROKEN_SOURCES}" PARENT_SCOPE)
endfunction()

foreach(name RTL_LPM_SOURCES RTL_CHECKSUM_SOURCES RTL_TRACE_OPTIONS)
  get_directory_property(${name} DIRECTORY "${CMAKE_SOURCE_DIR}/models/accel" DEFINITION ${name})
endforeach()
# An answer of the root is taken for the place of one.
broken_copy(broken_lpm FILE lpm/lpm_root.sv FROM "lookup_o.hit   = 1'b0" TO "lookup_o.hit   = 1'b1"
            SOURCES ${RTL_LPM_SOURCES})
# Each sum is one too large.
broken_copy(broken_checksum FILE checksum/checksum_accumulate.sv FROM "{16'd0, seed}" TO "{16'd1, seed}"
            SOURCES ${RTL_CHECKSUM_SOURCES})
foreach(block lpm checksum)
  rtl_verilate_here(${block}_plain ${block}_accelerator TOP ${block}_accelerator SOURCES ${broken_${block}})
  rtl_verilate_here(${block}_traced ${block}_traced TOP ${block}_accelerator SOURCES ${broken_${block}}
                    PARAMETERS ${RTL_TRACE_OPTIONS})
endforeach()
add_library(turnpike_broken_rtl OBJECT ${lpm_plain} ${lpm_traced} ${checksum_plain} ${checksum_traced})
target_compile_options(turnpike_broken_rtl PRIVATE -O1 -w)
target_link_libraries(turnpike_broken_rtl PRIVATE turnpike_rtl)
# Its own headers go before those of the right ones.
foreach(class lpm_accelerator lpm_traced checksum_accelerator checksum_traced)
  target_include_directories(turnpike_broken_rtl BEFORE PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/V${class}")
endforeach()

get_target_property(program_definitions turnpike COMPILE_DEFINITIONS)
get_target_property(program_libraries turnpike LINK_LIBRARIES)
add_executable(turnpike_broken "${CMAKE_SOURCE_DIR}/cli/main.cpp" $<TARGET_OBJECTS:turnpike_broken_rtl>)
target_compile_definitions(turnpike_broken PRIVATE ${program_definitions})
target_link_libraries(turnpike_broken PRIVATE ${program_libraries})
target_compile_definitions(turnpike_program PUBLIC TURNPIKE_BROKEN_PROGRAM="$<TARGET_FILE:turnpike_broken>")
add_dependencies(turnpike_program turnpike_broken)
