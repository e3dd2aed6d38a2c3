// SPDX-License-Identifier: Apache-2.0
// What a node says to four address bits: the longest of its prefixes that fits, and the child. Ranks are the places in
// the node's blocks. The last of the bits chooses among children alone; the last level has three bits and no EXTERNAL.
module lpm_decode (
  input  logic [3:0]                        bits_i,
  input  logic [lpm_pkg::INTERNAL_WIDTH-1:0] internal_i,
  input  logic                              uniform_i,
  input  logic [lpm_pkg::EXTERNAL_WIDTH-1:0] external_i,
  output logic                              match_o,
  output logic [3:0]                        match_rank_o,
  output logic                              child_o,
  output logic [3:0]                        child_rank_o
);
  logic [3:0] position;
  logic [3:0] rank;

  // A prefix that ends l bits into the node is bit 2^l - 1 + the value of these bits: the longest first.
  logic [3:0] three;
  logic [2:0] two;
  logic [1:0] one;
  assign three = 4'd7 + {1'b0, bits_i[3:1]};
  assign two   = 3'd3 + {1'b0, bits_i[3:2]};
  assign one   = 2'd1 + {1'b0, bits_i[3]};

  always_comb begin
    if (internal_i[three]) position = three;
    else if (internal_i[{1'b0, two}]) position = {1'b0, two};
    else if (internal_i[{2'b00, one}]) position = {2'b00, one};
    else position = 4'd0;
  end
  assign match_o      = internal_i[position];
  assign match_rank_o = uniform_i ? 4'd0 : rank;
  assign child_o      = external_i[bits_i];

  lpm_rank i_match (.map_i({1'b0, internal_i}), .position_i(position), .rank_o(rank));
  lpm_rank i_child (.map_i(external_i), .position_i(bits_i), .rank_o(child_rank_o));
endmodule
