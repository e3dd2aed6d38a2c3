// SPDX-License-Identifier: Apache-2.0
// A flag that comes out CLOCKS clocks later, at least one; reset clears it everywhere.
module valid_line #(
  parameter int unsigned CLOCKS = 1
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic valid_i,
  output logic valid_o
);
  logic [CLOCKS-1:0] valid_q;
  logic [CLOCKS:0]   valid_d;

  assign valid_d = {valid_q, valid_i};
  assign valid_o = valid_q[CLOCKS-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid_d[CLOCKS-1:0];
  end

  /* verilator lint_off UNUSEDSIGNAL */  // falls out at the end
  logic unused;
  /* verilator lint_on UNUSEDSIGNAL */
  assign unused = valid_d[CLOCKS];
endmodule
