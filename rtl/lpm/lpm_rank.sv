// SPDX-License-Identifier: Apache-2.0
// How many bits of `map_i` are set below bit `position_i`: the place of that bit's entry in its block.
module lpm_rank (
  /* verilator lint_off UNUSEDSIGNAL */  // the highest bit is below none
  input  logic [15:0] map_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  logic [3:0]  position_i,
  output logic [3:0]  rank_o
);
  logic [14:0] below;  // nothing is above the highest position
  logic [7:0]  threes;
  logic [5:0]  sevens;

  assign below = map_i[14:0] & ~(15'h7FFF << position_i);

  // A tree of adders, each of two numbers and a carry: 4 of one bit, 2 of two, one of three.
  for (genvar n = 0; n < 4; n++) begin : gen_threes
    assign threes[2*n +: 2] = {1'b0, below[3*n]} + {1'b0, below[3*n + 1]} + {1'b0, below[3*n + 2]};
  end
  for (genvar n = 0; n < 2; n++) begin : gen_sevens
    assign sevens[3*n +: 3] = {1'b0, threes[4*n +: 2]} + {1'b0, threes[4*n + 2 +: 2]} + {2'b00, below[12 + n]};
  end
  assign rank_o = {1'b0, sevens[2:0]} + {1'b0, sevens[5:3]} + {3'b000, below[14]};
endmodule
