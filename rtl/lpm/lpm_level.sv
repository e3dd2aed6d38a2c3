// SPDX-License-Identifier: Apache-2.0
// One level of the tree: reads the lookup's node, in CLOCKS clocks, and a clock later has decoded it. CHILDREN is the
// number of nodes in the level below, 0 at the last.
module lpm_level #(
  parameter int unsigned NODES = 8192,
  parameter int unsigned CHILDREN = 98304,
  parameter int unsigned CLOCKS = 1,
  parameter int unsigned INDEX_WIDTH = $clog2(NODES),
  parameter int unsigned HIGH_WIDTH = CHILDREN == 0 ? 0 : $clog2(CHILDREN),
  parameter int unsigned LOW_WIDTH = CHILDREN == 0 ? lpm_pkg::DATA_WIDTH - lpm_pkg::EXTERNAL_WIDTH : lpm_pkg::DATA_WIDTH,
  parameter int unsigned WORD_WIDTH = HIGH_WIDTH + LOW_WIDTH
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // words written by software: CHILDREN on top of the node's other fields
  input  logic                   write_i,
  input  logic [INDEX_WIDTH-1:0] write_index_i,
  input  logic [WORD_WIDTH-1:0]  write_word_i,
  // lookups
  input  logic                   valid_i,
  input  lpm_pkg::lookup_t       lookup_i,
  output logic                   valid_o,
  output lpm_pkg::lookup_t       lookup_o
);
  localparam int unsigned NodeWidth = lpm_pkg::NODE_WIDTH;
  localparam int unsigned ValueWidth = lpm_pkg::VALUE_WIDTH;

  logic                  valid;
  lpm_pkg::lookup_t      lookup, lookup_d, lookup_q;
  logic [WORD_WIDTH-1:0] word;
  lpm_pkg::node_t        node;
  logic [NodeWidth-2:0]  children;
  logic                  match, child;
  logic [3:0]            match_rank, child_rank;

  ram_1r1w #(.WIDTH(WORD_WIDTH), .DEPTH(NODES), .CLOCKS(CLOCKS)) i_words (
    .clk_i,
    .write_i, .write_addr_i(write_index_i), .write_data_i(write_word_i),
    .read_i(valid_i && lookup_i.live), .read_addr_i(lookup_i.node[INDEX_WIDTH-1:0]), .read_data_o(word)
  );
  valid_line #(.CLOCKS(CLOCKS)) i_valid (.clk_i, .rst_ni, .valid_i, .valid_o(valid));
  delay_line #(.WIDTH(lpm_pkg::LOOKUP_WIDTH), .CLOCKS(CLOCKS)) i_lookup (.clk_i, .data_i(lookup_i), .data_o(lookup));

  assign node = lpm_pkg::DATA_WIDTH'(word[LOW_WIDTH-1:0]);
  if (CHILDREN == 0) begin : gen_no_children
    assign children = '0;
  end else begin : gen_children
    assign children = (NodeWidth-1)'(word[WORD_WIDTH-1:LOW_WIDTH]);
  end

  lpm_decode i_decode (
    .bits_i(lookup.bits[lpm_pkg::BITS_WIDTH-1-:4]),
    .internal_i(node.internal), .uniform_i(node.uniform), .external_i(node.external),
    .match_o(match), .match_rank_o(match_rank), .child_o(child), .child_rank_o(child_rank)
  );

  always_comb begin
    lookup_d = lookup;
    lookup_d.bits = {lookup.bits[lpm_pkg::BITS_WIDTH-5:0], lookup.bits[lpm_pkg::BITS_WIDTH-1-:4]};
    if (lookup.live && 32'(lookup.node) >= NODES) begin
      lookup_d.live  = 1'b0;
      lookup_d.hit   = 1'b0;
      lookup_d.bad   = 1'b1;
      lookup_d.value = ValueWidth'(address_map_pkg::LPM_MISS[15:0]);
    end else if (lookup.live) begin
      lookup_d.live = child;
      lookup_d.node = NodeWidth'(children) + NodeWidth'(child_rank);
      if (match) begin
        lookup_d.hit   = 1'b1;
        lookup_d.value = ValueWidth'(node.results) + ValueWidth'(match_rank);
      end
    end
  end

  valid_line #(.CLOCKS(1)) i_decoded (.clk_i, .rst_ni, .valid_i(valid), .valid_o);
  always_ff @(posedge clk_i) lookup_q <= lookup_d;
  assign lookup_o = lookup_q;
endmodule
