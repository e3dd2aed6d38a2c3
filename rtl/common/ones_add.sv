// SPDX-License-Identifier: Apache-2.0
// Ones-complement sum of two words: the carry out of the top comes in again at the bottom (RFC 1071, section 1). Gives
// 0 only for 0 and 0.
module ones_add #(
  parameter int unsigned WIDTH = 16
) (
  input  logic [WIDTH-1:0] a_i,
  input  logic [WIDTH-1:0] b_i,
  output logic [WIDTH-1:0] sum_o
);
  logic [WIDTH:0] wide;
  assign wide  = {1'b0, a_i} + {1'b0, b_i};
  // No second carry: the largest sum, of all ones twice, leaves a 0 at the bottom.
  assign sum_o = wide[WIDTH-1:0] + {{(WIDTH - 1){1'b0}}, wide[WIDTH]};
endmodule
