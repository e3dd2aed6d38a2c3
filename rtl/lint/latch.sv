// SPDX-License-Identifier: Apache-2.0
// A latch, which the checks for latches have to find.
module latch (
  input  logic enable_i,
  input  logic data_i,
  output logic data_o
);
  always @* if (enable_i) data_o = data_i;  // always_comb would be an error for yosys at once
endmodule
