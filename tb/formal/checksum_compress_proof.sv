// SPDX-License-Identifier: Apache-2.0
// One step of rtl/checksum/checksum_tree: the two words that three become have the same end-around sum. What the proofs
// of longer sums take for granted.
module checksum_compress_proof #(
  parameter bit DROPS = 0  // the proof of a step whose topmost carry is lost must fail
) (
  input logic        clk_i,
  input logic [15:0] a_i,
  input logic [15:0] b_i,
  input logic [15:0] c_i
);
  logic [15:0] two, three, after, carry, sum;
  checksum_tree #(.IN(3), .OUT(2)) i_step (.words_i({c_i, b_i, a_i}), .words_o({carry, sum}));
  ones_add i_two (.a_i(b_i), .b_i(c_i), .sum_o(two));
  ones_add i_three (.a_i(a_i), .b_i(two), .sum_o(three));
  ones_add i_after (.a_i(sum), .b_i(DROPS ? {carry[15:1], 1'b0} : carry), .sum_o(after));
  always_ff @(posedge clk_i) same_sum : assert (after == three);
endmodule
