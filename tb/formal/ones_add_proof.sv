// SPDX-License-Identifier: Apache-2.0
// The algebra that lets sums be taken in any order and at any byte (RFC 1071, sections 1 and 2): end-around addition is
// commutative and associative, has 0 as its zero, gives 0 for nothing but 0 + 0, and adding swapped words gives the
// swapped sum.
module ones_add_proof #(
  parameter bit TWOS = 0  // the proof of an addition that drops its carry must fail
) (
  input logic        clk_i,
  input logic [15:0] a_i,
  input logic [15:0] b_i,
  input logic [15:0] c_i
);
  logic [15:0] ab, ba, bc, ab_c, a_bc, zero, swapped;
  ones_add i_ab (.a_i(a_i), .b_i(b_i), .sum_o(ab));
  ones_add i_ba (.a_i(b_i), .b_i(a_i), .sum_o(ba));
  ones_add i_bc (.a_i(b_i), .b_i(c_i), .sum_o(bc));
  ones_add i_ab_c (.a_i(ab), .b_i(c_i), .sum_o(ab_c));
  ones_add i_a_bc (.a_i(a_i), .b_i(bc), .sum_o(a_bc));
  ones_add i_zero (.a_i(a_i), .b_i(16'h0000), .sum_o(zero));
  ones_add i_swapped (.a_i({a_i[7:0], a_i[15:8]}), .b_i({b_i[7:0], b_i[15:8]}), .sum_o(swapped));

  // The sum as RFC 1071 words it: subtracted once, 2^16 becomes 1.
  logic [16:0] wide;
  logic [15:0] sum;
  assign wide = {1'b0, a_i} + {1'b0, b_i};
  assign sum  = (wide > 17'h0FFFF && !TWOS) ? wide[15:0] + 16'd1 : wide[15:0];

  always_ff @(posedge clk_i) begin
    is_the_sum : assert (ab == sum);
    commutative : assert (ab == ba);
    associative : assert (ab_c == a_bc);
    zero_adds_nothing : assert (zero == a_i);
    only_zeroes_give_zero : assert ((ab == 16'd0) == (a_i == 16'd0 && b_i == 16'd0));
    swapped_words_give_the_swapped_sum : assert (swapped == {ab[7:0], ab[15:8]});
  end
endmodule
