# SPDX-License-Identifier: Apache-2.0
# Verilates TOP of SOURCES, with PARAMETER if it is given, as class CLASS into DIRECTORY and gathers the C++ in DIRECTORY/all.cpp. Run with cmake -P.
file(REMOVE_RECURSE "${DIRECTORY}")
file(MAKE_DIRECTORY "${DIRECTORY}")
set(parameter)
if(PARAMETER)
  set(parameter "-G${PARAMETER}")
endif()
execute_process(
  COMMAND "${VERILATOR}" --cc --no-timing --assert -Wall -O3 --x-assign fast --x-initial fast --top-module "${TOP}"
          --prefix "${CLASS}" ${parameter} --Mdir "${DIRECTORY}" ${SOURCES}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "verilator failed on ${TOP}")
endif()
file(GLOB parts "${DIRECTORY}/${CLASS}*.cpp")
list(SORT parts)
set(text "")
foreach(part ${parts})
  get_filename_component(name "${part}" NAME)
  string(APPEND text "#include \"${name}\"\n")
endforeach()
file(WRITE "${DIRECTORY}/all.cpp" "${text}")
