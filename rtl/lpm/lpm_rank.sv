// SPDX-License-Identifier: Apache-2.0
// How many bits of `map_i` are set below bit `position_i`: the place of that bit's entry in its block.
module lpm_rank (
  input  logic [15:0] map_i,
  input  logic [3:0]  position_i,
  output logic [4:0]  rank_o
);
  logic [15:0] below;
  logic [15:0] pairs;
  logic [11:0] quads;
  logic [7:0]  eights;

  assign below = map_i & ~(16'hFFFF << position_i);

  // A tree of adders: 8 of one bit, 4 of two, 2 of three, one of four.
  for (genvar n = 0; n < 8; n++) begin : gen_pairs
    assign pairs[2*n +: 2] = {1'b0, below[2*n]} + {1'b0, below[2*n + 1]};
  end
  for (genvar n = 0; n < 4; n++) begin : gen_quads
    assign quads[3*n +: 3] = {1'b0, pairs[4*n +: 2]} + {1'b0, pairs[4*n + 2 +: 2]};
  end
  for (genvar n = 0; n < 2; n++) begin : gen_eights
    assign eights[4*n +: 4] = {1'b0, quads[6*n +: 3]} + {1'b0, quads[6*n + 3 +: 3]};
  end
  assign rank_o = {1'b0, eights[3:0]} + {1'b0, eights[7:4]};
endmodule
