// SPDX-License-Identifier: Apache-2.0
// Memory with one write and one read port, as block RAMs have them. A read takes CLOCKS clocks: the array is read at the
// first edge, what was found goes through CLOCKS - 1 further registers. A read of the word that is written in the same
// clock gives the old word. Contents are not reset.
module ram_1r1w #(
  parameter int unsigned WIDTH = 8,
  parameter int unsigned DEPTH = 256,
  parameter int unsigned CLOCKS = 1,
  parameter int unsigned ADDR_WIDTH = $clog2(DEPTH)
) (
  input  logic                  clk_i,
  input  logic                  write_i,
  input  logic [ADDR_WIDTH-1:0] write_addr_i,
  input  logic [WIDTH-1:0]      write_data_i,
  input  logic                  read_i,
  input  logic [ADDR_WIDTH-1:0] read_addr_i,
  output logic [WIDTH-1:0]      read_data_o
);
  logic [WIDTH-1:0] words[DEPTH];
  logic [WIDTH-1:0] read_data_q;

  always_ff @(posedge clk_i) begin
    if (write_i) words[write_addr_i] <= write_data_i;
    if (read_i) read_data_q <= words[read_addr_i];
  end

  delay_line #(.WIDTH(WIDTH), .CLOCKS(CLOCKS - 1)) i_output (.clk_i, .data_i(read_data_q), .data_o(read_data_o));
endmodule
