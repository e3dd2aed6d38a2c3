// SPDX-License-Identifier: Apache-2.0
// rtl/lpm/lpm_decode for every node and every address bits: the match is the longest of the prefixes in the node that fit,
// the ranks are those of the match and of the child (lpm_rank_proof says what a rank is).
module lpm_decode_proof #(
  parameter bit SHORTEST = 0  // the proof that the match is the shortest must fail
) (
  input logic        clk_i,
  input logic [3:0]  bits_i,
  input logic [14:0] internal_i,
  input logic        uniform_i,
  input logic [15:0] external_i
);
  logic       match, child;
  logic [4:0] match_rank, child_rank;
  lpm_decode i_decode (
    .bits_i, .internal_i, .uniform_i, .external_i,
    .match_o(match), .match_rank_o(match_rank), .child_o(child), .child_rank_o(child_rank)
  );

  // Prefixes in the order of INTERNAL: one of no bits, two of one, four of two, eight of three; later ones are longer.
  integer     length, value, at;
  logic       found;
  logic [3:0] place;
  always_comb begin
    found = 1'b0;
    place = 4'd0;
    at    = 0;
    for (length = 0; length < 4; length = length + 1) begin
      for (value = 0; value < (1 << length); value = value + 1) begin
        if (internal_i[at] && !(SHORTEST && found) && {28'd0, bits_i} >> (4 - length) == value) begin
          found = 1'b1;
          place = at[3:0];
        end
        at = at + 1;
      end
    end
  end
  logic [4:0] place_rank, slot_rank;
  lpm_rank i_place (.map_i({1'b0, internal_i}), .position_i(place), .rank_o(place_rank));
  lpm_rank i_slot (.map_i(external_i), .position_i(bits_i), .rank_o(slot_rank));

  always_ff @(posedge clk_i) begin
    the_longest : assert (match == found);
    if (match) its_rank : assert (match_rank == (uniform_i ? 5'd0 : place_rank));
    the_child : assert (child == external_i[bits_i]);
    rank_of_the_child : assert (child_rank == slot_rank);
  end
endmodule
