// SPDX-License-Identifier: Apache-2.0
// Where a word that software writes goes: one-hot, or nowhere if there is no such place, or the word points to nodes
// that the level below does not have.
module lpm_place #(
  parameter int unsigned NODES1 = 8192,
  parameter int unsigned NODES2 = 98304,
  parameter int unsigned NODES3 = 417792,
  parameter int unsigned NODES4 = 24576,
  parameter int unsigned NODES5 = 16384,
  parameter int unsigned RESULTS = 1310720
) (
  input  logic                         write_i,
  /* verilator lint_off UNUSEDSIGNAL */  // what the word says of prefixes does not matter here
  input  lpm_pkg::word_t               word_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic [lpm_pkg::MEMORIES-1:0] write_o,
  output logic                         bad_o
);
  localparam int unsigned ChildLsb = lpm_regs_pkg::ENTRY_DATA_ROOT_CHILD_LSB;
  localparam int unsigned ChildWidth = lpm_regs_pkg::ENTRY_DATA_ROOT_CHILD_WIDTH;

  logic fits;

  always_comb begin
    case (word_i.select)
      3'd0:    fits = 32'(word_i.index) < lpm_pkg::ROOT_WORDS && 32'(word_i.data[ChildLsb +: ChildWidth]) < NODES1;
      3'd1:    fits = 32'(word_i.index) < NODES1 && 32'(word_i.high) < NODES2;
      3'd2:    fits = 32'(word_i.index) < NODES2 && 32'(word_i.high) < NODES3;
      3'd3:    fits = 32'(word_i.index) < NODES3 && 32'(word_i.high) < NODES4;
      3'd4:    fits = 32'(word_i.index) < NODES4 && 32'(word_i.high) < NODES5;
      3'd5:    fits = 32'(word_i.index) < NODES5;
      3'd6:    fits = 32'(word_i.index) < RESULTS;
      default: fits = 1'b0;
    endcase
  end

  always_comb begin
    write_o = '0;
    if (write_i && fits) write_o[word_i.select] = 1'b1;
  end
  assign bad_o = write_i && !fits;
endmodule
