# SPDX-License-Identifier: Apache-2.0
# One target per room, so that the linker holds the rule of who may use whom.

add_library(turnpike_options INTERFACE)
target_include_directories(turnpike_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_features(turnpike_options INTERFACE cxx_std_20)
target_compile_options(turnpike_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
if(TURNPIKE_FUZZ)
  target_compile_options(turnpike_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TURNPIKE_SANITIZE OR TURNPIKE_FUZZ)
  target_compile_options(turnpike_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                   -fno-omit-frame-pointer)
  target_link_options(turnpike_options INTERFACE -fsanitize=address,undefined)
endif()

# SystemC's headers are not warning-clean and check the C++ standard they were built with (2017).
add_library(turnpike_systemc INTERFACE)
target_compile_definitions(turnpike_systemc INTERFACE SC_CPLUSPLUS=201703L SC_INCLUDE_DYNAMIC_PROCESSES)
target_link_libraries(turnpike_systemc INTERFACE PkgConfig::SYSTEMC)

# turnpike_room(NAME SOURCES a.cpp … USES room …): library turnpike_NAME. With no SOURCES it is header-only.
function(turnpike_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES" ${ARGN})
  if(ROOM_SOURCES)
    add_library(turnpike_${name} STATIC ${ROOM_SOURCES})
    target_link_libraries(turnpike_${name} PUBLIC turnpike_options ${ROOM_USES})
  else()
    add_library(turnpike_${name} INTERFACE)
    target_link_libraries(turnpike_${name} INTERFACE turnpike_options ${ROOM_USES})
  endif()
endfunction()

# turnpike_test(NAME SOURCES a.cpp … USES room …): a GoogleTest program; every test is a process of its own, since a
# SystemC kernel cannot be elaborated twice.
include(GoogleTest)
function(turnpike_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE turnpike_options ${TEST_USES} GTest::gmock GTest::gtest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
