# SPDX-License-Identifier: Apache-2.0
# The RTL with what records its signals (--wave): classes of their own, so that other runs stay as fast as they are.

# rtl_verilate, from another folder than rtl/.
function(rtl_verilate_here variable name)
  set(CMAKE_CURRENT_SOURCE_DIR "${CMAKE_SOURCE_DIR}/rtl")  # where it looks for its script
  rtl_verilate(cpp ${name} ${ARGN})
  set(${variable} "${cpp}" PARENT_SCOPE)
endfunction()

set(RTL_TRACE_OPTIONS --trace-fst --trace-structs)
foreach(name RTL_LPM_SOURCES RTL_CHECKSUM_SOURCES RTL_INCLUDE_DIR)
  get_directory_property(${name} DIRECTORY "${CMAKE_SOURCE_DIR}/rtl" DEFINITION ${name})
endforeach()
rtl_verilate_here(lpm_traced lpm_traced TOP lpm_accelerator SOURCES ${RTL_LPM_SOURCES} PARAMETERS ${RTL_TRACE_OPTIONS})
rtl_verilate_here(checksum_traced checksum_traced TOP checksum_accelerator SOURCES ${RTL_CHECKSUM_SOURCES}
                  PARAMETERS ${RTL_TRACE_OPTIONS})
add_library(turnpike_rtl_traced STATIC ${lpm_traced} ${checksum_traced} "${RTL_INCLUDE_DIR}/verilated_fst_c.cpp")
target_include_directories(turnpike_rtl_traced SYSTEM PUBLIC "${CMAKE_CURRENT_BINARY_DIR}/Vlpm_traced"
                                                             "${CMAKE_CURRENT_BINARY_DIR}/Vchecksum_traced")
target_compile_options(turnpike_rtl_traced PRIVATE -O1 -w)
target_link_libraries(turnpike_rtl_traced PUBLIC turnpike_rtl ZLIB::ZLIB)
