// SPDX-License-Identifier: Apache-2.0
// First half of the adder tree: each group of four 16-bit words becomes one number. Byte 0 is the low half of word 0,
// as in memory.
module checksum_partial (
  input  logic [8*checksum_pkg::BYTES-1:0]                                 data_i,
  output logic [checksum_pkg::GROUPS*checksum_pkg::PARTIAL_WIDTH-1:0] partials_o
);
  for (genvar n = 0; n < checksum_pkg::GROUPS; n++) begin : gen_group
    assign partials_o[checksum_pkg::PARTIAL_WIDTH*n +: checksum_pkg::PARTIAL_WIDTH] =
        ({2'b00, data_i[64*n +: 16]} + {2'b00, data_i[64*n+16 +: 16]}) +
        ({2'b00, data_i[64*n+32 +: 16]} + {2'b00, data_i[64*n+48 +: 16]});
  end
endmodule
