// SPDX-License-Identifier: Apache-2.0
// The lookup pipeline: address register, one stage a level, answer register. A lookup accepted at one clock edge can be
// taken at the sixth after it; one is accepted a clock. `enable_i` counts at the edge that accepts.
module lpm_pipeline #(
  parameter int unsigned NODES0 = 1,
  parameter int unsigned NODES1 = 256,
  parameter int unsigned NODES2 = 256,
  parameter int unsigned NODES3 = 256
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  input  logic                            enable_i,
  // entries written by software; the level is one-hot, the index within it
  input  logic [lpm_pkg::LEVELS-1:0]      write_i,
  /* verilator lint_off UNUSEDSIGNAL */  // the register is as wide as the largest table that may ever be
  input  logic [lpm_pkg::INDEX_WIDTH-1:0] write_index_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  lpm_pkg::entry_t                 write_entry_i,
  // lookups
  input  logic                            valid_i,
  output logic                            ready_o,
  input  logic [31:0]                     address_i,
  input  logic [lpm_pkg::TAG_WIDTH-1:0]   tag_i,
  // answers
  output logic                            valid_o,
  input  logic                            ready_i,
  output logic [15:0]                     index_o,
  output logic [lpm_pkg::TAG_WIDTH-1:0]   tag_o
);
  localparam logic [15:0] Miss = address_map_pkg::LPM_MISS[15:0];
  localparam int unsigned AnswerWidth = 16 + lpm_pkg::TAG_WIDTH;
  localparam int unsigned Index0Width = $clog2(NODES0 * 256);
  localparam int unsigned Index1Width = $clog2(NODES1 * 256);
  localparam int unsigned Index2Width = $clog2(NODES2 * 256);
  localparam int unsigned Index3Width = $clog2(NODES3 * 256);

  logic valid0, valid1, valid2, valid3, valid4;
  logic ready0, ready1, ready2, ready3, ready4;
  lpm_pkg::lookup_t asked, lookup0, lookup1, lookup2, lookup3;
  /* verilator lint_off UNUSEDSIGNAL */  // no address byte is left at the end
  lpm_pkg::lookup_t lookup4;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [15:0] index;

  assign asked.tag   = tag_i;
  assign asked.bytes = address_i;
  assign asked.done  = !enable_i;
  assign asked.value = enable_i ? 16'h0000 : Miss;

  stream_register #(.WIDTH(lpm_pkg::LOOKUP_WIDTH)) i_address (
    .clk_i, .rst_ni, .valid_i, .ready_o, .data_i(asked),
    .valid_o(valid0), .ready_i(ready0), .data_o(lookup0)
  );

  lpm_stage #(.NODES(NODES0)) i_level0 (
    .clk_i, .rst_ni,
    .write_i(write_i[0]), .write_index_i(write_index_i[Index0Width-1:0]), .write_entry_i,
    .valid_i(valid0), .ready_o(ready0), .lookup_i(lookup0),
    .valid_o(valid1), .ready_i(ready1), .lookup_o(lookup1)
  );
  lpm_stage #(.NODES(NODES1)) i_level1 (
    .clk_i, .rst_ni,
    .write_i(write_i[1]), .write_index_i(write_index_i[Index1Width-1:0]), .write_entry_i,
    .valid_i(valid1), .ready_o(ready1), .lookup_i(lookup1),
    .valid_o(valid2), .ready_i(ready2), .lookup_o(lookup2)
  );
  lpm_stage #(.NODES(NODES2)) i_level2 (
    .clk_i, .rst_ni,
    .write_i(write_i[2]), .write_index_i(write_index_i[Index2Width-1:0]), .write_entry_i,
    .valid_i(valid2), .ready_o(ready2), .lookup_i(lookup2),
    .valid_o(valid3), .ready_i(ready3), .lookup_o(lookup3)
  );
  lpm_stage #(.NODES(NODES3)) i_level3 (
    .clk_i, .rst_ni,
    .write_i(write_i[3]), .write_index_i(write_index_i[Index3Width-1:0]), .write_entry_i,
    .valid_i(valid3), .ready_o(ready3), .lookup_i(lookup3),
    .valid_o(valid4), .ready_i(ready4), .lookup_o(lookup4)
  );

  // A child below the last level has no memory to be in.
  assign index = lookup4.done ? lookup4.value : Miss;

  stream_register #(.WIDTH(AnswerWidth)) i_answer (
    .clk_i, .rst_ni, .valid_i(valid4), .ready_o(ready4), .data_i({index, lookup4.tag}),
    .valid_o, .ready_i, .data_o({index_o, tag_o})
  );
endmodule
