// SPDX-License-Identifier: Apache-2.0
// Data that comes out CLOCKS clocks later, at once with CLOCKS = 0. Not reset: what goes with it says if it counts.
module delay_line #(
  parameter int unsigned WIDTH = 1,
  parameter int unsigned CLOCKS = 1
) (
  /* verilator lint_off UNUSEDSIGNAL */  // without a register there is no clock
  input  logic             clk_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  logic [WIDTH-1:0] data_i,
  output logic [WIDTH-1:0] data_o
);
  if (CLOCKS == 0) begin : gen_wire
    assign data_o = data_i;
  end else if (CLOCKS == 1) begin : gen_register
    logic [WIDTH-1:0] data_q;
    assign data_o = data_q;
    always_ff @(posedge clk_i) data_q <= data_i;
  end else begin : gen_registers
    logic [CLOCKS*WIDTH-1:0] data_q;
    assign data_o = data_q[CLOCKS*WIDTH-1-:WIDTH];
    always_ff @(posedge clk_i) data_q <= {data_q[(CLOCKS-1)*WIDTH-1:0], data_i};
  end
endmodule
