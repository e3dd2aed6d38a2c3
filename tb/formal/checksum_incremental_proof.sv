// SPDX-License-Identifier: Apache-2.0
// The incremental update of rtl/checksum equals the checksum made anew, for every rest of the packet (its sum is what
// counts), every word and every new word. Where all that is covered becomes 0 the two representations of zero differ,
// as RFC 1624, section 3 says; no IP header is all zeroes.
module checksum_incremental_proof #(
  parameter bit EQUATION_2 = 0  // the proof of RFC 1141's formula, which RFC 1624 corrects, must fail
) (
  input logic        clk_i,
  input logic [15:0] rest_i,
  input logic [15:0] from_i,
  input logic [15:0] to_i,
  input logic        udp_i
);
  logic [15:0] sum_before, sum_after, before, after, updated, minus_from, rfc1141;
  ones_add i_before (.a_i(rest_i), .b_i(from_i), .sum_o(sum_before));
  ones_add i_after (.a_i(rest_i), .b_i(to_i), .sum_o(sum_after));
  assign before = (udp_i && sum_before == 16'hFFFF) ? 16'hFFFF : ~sum_before;
  assign after  = (udp_i && sum_after == 16'hFFFF) ? 16'hFFFF : ~sum_after;

  checksum_incremental i_unit (.check_i(before), .from_i, .to_i, .udp_i, .check_o(updated));

  // HC' = HC + m + ~m' (RFC 1624, section 2, equation 2)
  ones_add i_old_1 (.a_i(before), .b_i(from_i), .sum_o(minus_from));
  ones_add i_old_2 (.a_i(minus_from), .b_i(~to_i), .sum_o(rfc1141));

  always_ff @(posedge clk_i) begin
    if (rest_i != 16'd0 || to_i != 16'd0) as_made_anew : assert ((EQUATION_2 ? rfc1141 : updated) == after);
    if (!udp_i) never_all_ones : assert (updated != 16'hFFFF);
  end

  logic [15:0] none;
  checksum_incremental i_none (.check_i(16'h0000), .from_i, .to_i, .udp_i(1'b1), .check_o(none));
  always_ff @(posedge clk_i) no_checksum_stays_none : assert (none == 16'h0000);
endmodule
