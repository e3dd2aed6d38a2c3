// SPDX-License-Identifier: Apache-2.0
// The root memory: address[31:19] gives the best answer of the prefixes up to /12 and the node of level 1. CLOCKS clocks.
module lpm_root #(
  parameter int unsigned CLOCKS = 1,
  parameter int unsigned CHILDREN = 8192,
  parameter int unsigned CHILD_WIDTH = $clog2(CHILDREN)
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  // words written by software
  input  logic                            write_i,
  input  logic [lpm_pkg::ROOT_STRIDE-1:0] write_index_i,
  input  logic [16+CHILD_WIDTH:0]         write_word_i,
  // lookups
  input  logic                            valid_i,
  input  logic                            enable_i,
  input  logic [31:0]                     address_i,
  input  logic [lpm_pkg::TAG_WIDTH-1:0]   tag_i,
  output logic                            valid_o,
  output lpm_pkg::lookup_t                lookup_o
);
  localparam logic [15:0] Miss = address_map_pkg::LPM_MISS[15:0];
  localparam int unsigned AskedWidth = 1 + lpm_pkg::BITS_WIDTH + lpm_pkg::TAG_WIDTH;

  logic                           enable;
  logic [lpm_pkg::BITS_WIDTH-1:0] bits;
  logic [lpm_pkg::TAG_WIDTH-1:0]  tag;
  logic [CHILD_WIDTH-1:0]         child;
  logic                           child_valid;
  logic [15:0]                    hop;

  ram_1r1w #(.WIDTH(17 + CHILD_WIDTH), .DEPTH(lpm_pkg::ROOT_WORDS), .CLOCKS(CLOCKS)) i_words (
    .clk_i,
    .write_i, .write_addr_i(write_index_i), .write_data_i(write_word_i),
    .read_i(valid_i), .read_addr_i(address_i[31:lpm_pkg::BITS_WIDTH]), .read_data_o({child, child_valid, hop})
  );
  valid_line #(.CLOCKS(CLOCKS)) i_valid (.clk_i, .rst_ni, .valid_i, .valid_o);
  delay_line #(.WIDTH(AskedWidth), .CLOCKS(CLOCKS)) i_asked (
    .clk_i, .data_i({enable_i, address_i[lpm_pkg::BITS_WIDTH-1:0], tag_i}), .data_o({enable, bits, tag})
  );

  assign lookup_o.tag   = tag;
  assign lookup_o.bits  = bits;
  assign lookup_o.live  = enable && child_valid;
  assign lookup_o.hit   = 1'b0;
  assign lookup_o.bad   = 1'b0;
  assign lookup_o.node  = lpm_pkg::NODE_WIDTH'(child);
  assign lookup_o.value = enable ? lpm_pkg::VALUE_WIDTH'(hop) : lpm_pkg::VALUE_WIDTH'(Miss);
endmodule
