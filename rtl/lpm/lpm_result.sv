// SPDX-License-Identifier: Apache-2.0
// The result memory: the longest match's next hop, if the lookup has one. CLOCKS clocks.
module lpm_result #(
  parameter int unsigned WORDS = 1310720,
  parameter int unsigned CLOCKS = 1,
  parameter int unsigned INDEX_WIDTH = $clog2(WORDS)
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  // words written by software
  input  logic                          write_i,
  input  logic [INDEX_WIDTH-1:0]        write_index_i,
  input  logic [15:0]                   write_word_i,
  // lookups
  input  logic                          valid_i,
  /* verilator lint_off UNUSEDSIGNAL */  // nothing is left to do with the address
  input  lpm_pkg::lookup_t              lookup_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic                          valid_o,
  output logic                          bad_o,
  output logic [15:0]                   index_o,
  output logic [lpm_pkg::TAG_WIDTH-1:0] tag_o
);
  localparam logic [15:0] Miss = address_map_pkg::LPM_MISS[15:0];

  logic        beyond, hit, bad;
  logic [15:0] word, hop;

  assign beyond = lookup_i.hit && 32'(lookup_i.value) >= WORDS;

  ram_1r1w #(.WIDTH(16), .DEPTH(WORDS), .CLOCKS(CLOCKS)) i_words (
    .clk_i,
    .write_i, .write_addr_i(write_index_i), .write_data_i(write_word_i),
    .read_i(valid_i && lookup_i.hit), .read_addr_i(lookup_i.value[INDEX_WIDTH-1:0]), .read_data_o(word)
  );
  valid_line #(.CLOCKS(CLOCKS)) i_valid (.clk_i, .rst_ni, .valid_i, .valid_o);
  delay_line #(.WIDTH(2 + 16 + lpm_pkg::TAG_WIDTH), .CLOCKS(CLOCKS)) i_lookup (
    .clk_i,
    .data_i({lookup_i.hit, lookup_i.bad || beyond, lookup_i.value[15:0], lookup_i.tag}),
    .data_o({hit, bad, hop, tag_o})
  );

  assign bad_o   = bad;
  assign index_o = bad ? Miss : hit ? word : hop;
endmodule
