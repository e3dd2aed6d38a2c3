// SPDX-License-Identifier: Apache-2.0
// Bytes of a beat that do not belong to the sum count as 0.
module checksum_mask (
  input  logic [8*checksum_pkg::BYTES-1:0] data_i,
  input  logic [checksum_pkg::BYTES-1:0]   keep_i,
  output logic [8*checksum_pkg::BYTES-1:0] data_o
);
  for (genvar n = 0; n < checksum_pkg::BYTES; n++) begin : gen_byte
    assign data_o[8*n +: 8] = keep_i[n] ? data_i[8*n +: 8] : 8'h00;
  end
endmodule
