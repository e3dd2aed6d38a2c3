# SPDX-License-Identifier: Apache-2.0
# Third-party libraries, all from Debian 12.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# What the NIC's rooms want; another project that adds this one sees it, too.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET GLOBAL systemc)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET GLOBAL libpcap)
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(verilator 5.006 REQUIRED HINTS $ENV{VERILATOR_ROOT} /usr/share/verilator)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
# An oracle of tests and benches alone: tools/test.sh installs it, tools/start.sh does without.
pkg_check_modules(UNICORN IMPORTED_TARGET unicorn)
find_library(ZYDIS_LIBRARY Zydis REQUIRED)
find_path(ZYDIS_INCLUDE Zydis/Zydis.h REQUIRED)
