// SPDX-License-Identifier: Apache-2.0
// Second half of the adder tree: the partial sums of a beat become one number.
module checksum_total (
  input  logic [checksum_pkg::GROUPS*checksum_pkg::PARTIAL_WIDTH-1:0] partials_i,
  output logic [checksum_pkg::TOTAL_WIDTH-1:0]                        total_o
);
  localparam int unsigned PartialWidth = checksum_pkg::PARTIAL_WIDTH;
  logic [PartialWidth:0]   pair0, pair1, pair2, pair3;
  logic [PartialWidth+1:0] half0, half1;

  assign pair0 = {1'b0, partials_i[0*PartialWidth +: PartialWidth]} + {1'b0, partials_i[1*PartialWidth +: PartialWidth]};
  assign pair1 = {1'b0, partials_i[2*PartialWidth +: PartialWidth]} + {1'b0, partials_i[3*PartialWidth +: PartialWidth]};
  assign pair2 = {1'b0, partials_i[4*PartialWidth +: PartialWidth]} + {1'b0, partials_i[5*PartialWidth +: PartialWidth]};
  assign pair3 = {1'b0, partials_i[6*PartialWidth +: PartialWidth]} + {1'b0, partials_i[7*PartialWidth +: PartialWidth]};
  assign half0 = {1'b0, pair0} + {1'b0, pair1};
  assign half1 = {1'b0, pair2} + {1'b0, pair3};
  assign total_o = {1'b0, half0} + {1'b0, half1};
endmodule
