// SPDX-License-Identifier: Apache-2.0
// Stands for rtl/common/ram_1r1w in proofs that hold whatever the memories say: each read gives any word.
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
  (* anyseq *) logic [WIDTH-1:0] word;
  assign read_data_o = word;
endmodule
