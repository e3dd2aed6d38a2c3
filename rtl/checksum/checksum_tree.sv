// SPDX-License-Identifier: Apache-2.0
// Carry-save tree: IN words become OUT, at least 2, with the same ones-complement sum. Each step turns the three oldest
// words into two new ones, which makes a tree of least depth; a carry out of the top comes in again at the bottom, so
// that words stay 16 bits wide. Nothing but 0 words gives 0 words.
module checksum_tree #(
  parameter int unsigned IN = 4,
  parameter int unsigned OUT = 2
) (
  input  logic [16*IN-1:0]  words_i,
  output logic [16*OUT-1:0] words_o
);
  localparam int unsigned Steps = IN - OUT;
  localparam int unsigned All = IN + 2 * Steps;

  logic [16*All-1:0] words;
  logic [15:0]       a, b, c, carry;
  integer            k;
  always_comb begin
    words = '0;
    words[0 +: 16*IN] = words_i;
    a = 16'd0;
    b = 16'd0;
    c = 16'd0;
    carry = 16'd0;
    for (k = 0; k < Steps; k = k + 1) begin
      a = words[48*k +: 16];
      b = words[48*k+16 +: 16];
      c = words[48*k+32 +: 16];
      carry = (a & b) | (a & c) | (b & c);
      words[16*IN+32*k +: 16] = a ^ b ^ c;
      words[16*IN+32*k+16 +: 16] = {carry[14:0], carry[15]};
    end
  end
  assign words_o = words[48*Steps +: 16*OUT];
endmodule
