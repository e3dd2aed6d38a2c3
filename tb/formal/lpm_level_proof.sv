// SPDX-License-Identifier: Apache-2.0
// rtl/lpm/lpm_level does to a lookup what regs/lpm.def says of a node, for every lookup and every word: the longest
// prefix that fits and the place of its result, the child, and nothing for a node that is not there.
module lpm_level_proof #(
  parameter int unsigned NODES = 98304,
  parameter int unsigned CHILDREN = 417792,
  parameter bit SHORTEST = 0  // the proof of the shortest prefix must fail
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input lpm_pkg::lookup_t lookup_i
);
  localparam int unsigned Below = CHILDREN == 0 ? 0 : $clog2(CHILDREN);
  localparam int unsigned Low = CHILDREN == 0 ? 37 : 53;
  initial assume (!rst_ni);

  logic             valid;
  lpm_pkg::lookup_t lookup;
  lpm_level #(.NODES(NODES), .CHILDREN(CHILDREN), .CLOCKS(1)) i_level (
    .clk_i, .rst_ni, .write_i(1'b0), .write_index_i('0), .write_word_i('0),
    .valid_i, .lookup_i, .valid_o(valid), .lookup_o(lookup)
  );
  (* hierconn *) wire [Below+Low-1:0] \i_level.word ;  // what the memory gives
  wire [Below+Low-1:0] word = \i_level.word ;

  // The word's fields as the register list draws them.
  logic [14:0] internal;
  logic        uniform;
  logic [20:0] results;
  logic [15:0] external;
  logic [20:0] children;
  assign internal = word[14:0];
  assign uniform  = word[15];
  assign results  = word[36:16];
  if (CHILDREN == 0) begin : gen_last
    assign external = '0;
    assign children = '0;
  end else begin : gen_inner
    assign external = word[52:37];
    assign children = 21'(word[Below+Low-1:Low]);
  end

  lpm_pkg::lookup_t asked_q, said, said_q;
  logic             valid_q, valid_2q;
  logic [3:0]       bits, position;
  logic             match;
  logic [4:0]       prefixes_below, children_below;
  integer           length, value, n;
  always_comb begin
    bits = asked_q.bits[18:15];
    match = 1'b0;
    position = '0;
    for (length = 0; length < 4; length = length + 1) begin
      for (value = 0; value < (1 << length); value = value + 1) begin
        if (internal[(1 << length) - 1 + value] && (bits >> (4 - length)) == value[3:0] && !(SHORTEST && match)) begin
          match = 1'b1;
          position = 4'((1 << length) - 1 + value);
        end
      end
    end
    prefixes_below = '0;
    for (n = 0; n < 15; n = n + 1) if (n < 32'(position) && internal[n]) prefixes_below = prefixes_below + 5'd1;
    children_below = '0;
    for (n = 0; n < 16; n = n + 1) if (n < 32'(bits) && external[n]) children_below = children_below + 5'd1;

    said = asked_q;
    said.bits = {asked_q.bits[14:0], bits};
    if (asked_q.live && 32'(asked_q.node) >= NODES) begin
      said.live  = 1'b0;
      said.hit   = 1'b0;
      said.bad   = 1'b1;
      said.value = 22'h00FFFF;
    end else if (asked_q.live) begin
      said.live = external[bits];
      said.node = children + 21'(children_below);
      if (match) begin
        said.hit   = 1'b1;
        said.value = 22'(results) + (uniform ? 22'd0 : 22'(prefixes_below));
      end
    end
  end

  always_ff @(posedge clk_i) begin
    asked_q  <= lookup_i;
    said_q   <= said;
    valid_q  <= rst_ni && valid_i;
    valid_2q <= rst_ni && valid_q;
    if (rst_ni) one_clock_for_the_memory_one_to_decode : assert (valid == valid_2q);
    if (rst_ni && valid) as_the_node_says : assert (lookup == said_q);
  end
endmodule
