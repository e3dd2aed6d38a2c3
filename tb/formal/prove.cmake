# SPDX-License-Identifier: Apache-2.0
# One proof, see formal_proof() in CMakeLists.txt. Run with cmake -P. What yosys and the solver say is left in DIRECTORY.
file(REMOVE_RECURSE "${DIRECTORY}")
file(MAKE_DIRECTORY "${DIRECTORY}")
set(set_parameters)
foreach(parameter ${PARAMETERS})
  string(REPLACE "=" " " parameter "${parameter}")
  string(APPEND set_parameters "chparam -set ${parameter} ${TOP}\n")
endforeach()
string(REPLACE ";" " " files "${FILES}")
file(WRITE "${DIRECTORY}/model.ys" "read_verilog -formal -sv ${files}
${set_parameters}prep -flatten -top ${TOP}
memory_map
async2sync
dffunmap
opt_clean
write_smt2 -wires ${DIRECTORY}/model.smt2
")
execute_process(COMMAND "${YOSYS}" -q -l "${DIRECTORY}/yosys.log" -s "${DIRECTORY}/model.ys" COMMAND_ERROR_IS_FATAL ANY)

# What assumptions leave no run at all would prove anything: --presat asks for one first.
set(steps "--presat")
if(INDUCTION)
  list(APPEND steps "-i")
endif()
foreach(step ${steps})
  execute_process(COMMAND "${SMTBMC}" -s z3 ${step} -t ${DEPTH} --dump-vcd "${DIRECTORY}/counterexample.vcd"
                          "${DIRECTORY}/model.smt2" RESULT_VARIABLE result OUTPUT_VARIABLE output)
  message("${output}")
  if(output MATCHES "Status: FAILED" AND EXPECT_FAILURE)
    message("fails, as it has to")
    return()
  elseif(NOT output MATCHES "Status: PASSED")
    message(FATAL_ERROR "not proven (${step}); see ${DIRECTORY}")
  endif()
endforeach()
if(EXPECT_FAILURE)
  message(FATAL_ERROR "proven, though it is wrong")
endif()
