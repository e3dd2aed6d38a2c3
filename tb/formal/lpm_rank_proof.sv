// SPDX-License-Identifier: Apache-2.0
// rtl/lpm/lpm_rank by induction over the position: nothing is below bit 0, and one more below the next position exactly
// where the bit between them is set. So it is the number of bits below.
module lpm_rank_proof #(
  parameter bit INCLUSIVE = 0  // the proof of ranks that count their own bit must fail
) (
  input logic        clk_i,
  input logic [15:0] map_i,
  input logic [3:0]  position_i
);
  logic [3:0] first, here, next;
  logic [3:0] next_position;
  assign next_position = position_i + 4'd1;
  lpm_rank i_first (.map_i, .position_i(4'd0), .rank_o(first));
  lpm_rank i_here (.map_i, .position_i, .rank_o(here));
  lpm_rank i_next (.map_i, .position_i(next_position), .rank_o(next));

  always_ff @(posedge clk_i) begin
    none_below_the_first : assert (first == {3'd0, INCLUSIVE && map_i[0]});
    if (position_i != 4'd15) one_more : assert (next == here + {3'd0, map_i[position_i]});
  end
endmodule
