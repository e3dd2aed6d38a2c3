// SPDX-License-Identifier: Apache-2.0
// A checksum after one 16-bit word of what it covers has changed, without summing again: HC' = ~(~HC + ~m + m') (RFC
// 1624, section 3, equation 3). For UDP a checksum of 0 means that there is none, which stays so, and a computed 0 is
// sent as all ones (RFC 768). Nothing is registered here.
module checksum_incremental (
  input  logic [15:0] check_i,
  input  logic [15:0] from_i,
  input  logic [15:0] to_i,
  input  logic        udp_i,
  output logic [15:0] check_o
);
  logic [15:0] without, sum;
  ones_add #(.WIDTH(16)) i_without (.a_i(~check_i), .b_i(~from_i), .sum_o(without));
  ones_add #(.WIDTH(16)) i_sum (.a_i(without), .b_i(to_i), .sum_o(sum));

  always_comb begin
    check_o = ~sum;
    if (udp_i && check_i == 16'h0000) check_o = 16'h0000;
    else if (udp_i && sum == 16'hFFFF) check_o = 16'hFFFF;
  end
endmodule
