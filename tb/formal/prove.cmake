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
# Memories become registers before the hierarchy is flattened, so that a proof can name their words (attribute hierconn).
set(model "read_verilog -formal -sv ${files}
${set_parameters}prep -top ${TOP}
memory_map
flatten
opt -fast -nodffe -nosdff
async2sync
dffunmap
")
if(ABC)
  # Registers that are not reset begin at 0: ABC's equivalences need a beginning.
  string(APPEND model "setundef -undriven -anyseq
setundef -init -zero
opt_clean -purge
techmap
opt -fast -nodffe -nosdff
abc -g AND -fast
opt_clean
write_aiger -zinit ${DIRECTORY}/model.aig
")
else()
  string(APPEND model "opt_clean
write_smt2 -wires ${DIRECTORY}/model.smt2
")
endif()
file(WRITE "${DIRECTORY}/model.ys" "${model}")
execute_process(COMMAND "${YOSYS}" -q -l "${DIRECTORY}/yosys.log" -s "${DIRECTORY}/model.ys" OUTPUT_QUIET
                ERROR_FILE "${DIRECTORY}/yosys.err" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "yosys failed on ${TOP}; see ${DIRECTORY}/yosys.log")
endif()

# judge(STEP OUTPUT PASSED FAILED): goes on where the output matches PASSED; ends the proof where it matches FAILED and
# has to.
macro(judge step output passed failed)
  message("${output}")
  if("${output}" MATCHES "${failed}" AND EXPECT_FAILURE)
    message("fails, as it has to")
    return()
  elseif(NOT "${output}" MATCHES "${passed}")
    message(FATAL_ERROR "not proven (${step}); see ${DIRECTORY}")
  endif()
endmacro()

if(ABC)
  foreach(step ${ABC})
    string(REPLACE "," ";" commands "${step}")
    execute_process(COMMAND "${YOSYS_ABC}" -c "read_aiger ${DIRECTORY}/model.aig; fold; strash; ${commands}"
                    OUTPUT_VARIABLE output)
    judge("${step}" "${output}" "Property proved|Networks are equivalent|No output asserted in" "was asserted in frame")
  endforeach()
else()
  # What assumptions leave no run at all would prove anything: --presat asks for one first.
  set(steps "--presat")
  if(INDUCTION)
    list(APPEND steps "-i")
  endif()
  foreach(step ${steps})
    execute_process(COMMAND "${SMTBMC}" -s z3 ${step} -t ${DEPTH} --noprogress --dump-vcd "${DIRECTORY}/counterexample.vcd"
                            "${DIRECTORY}/model.smt2" RESULT_VARIABLE result OUTPUT_VARIABLE output)
    judge("${step}" "${output}" "Status: PASSED" "Status: FAILED")
  endforeach()
endif()
if(EXPECT_FAILURE)
  message(FATAL_ERROR "proven, though it is wrong")
endif()
