// SPDX-License-Identifier: Apache-2.0
// Bytes that do not belong to the sum count as 0: those whose enable is 0, and those before the packet's start offset.
module checksum_mask #(
  parameter int unsigned BYTES = 64
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               taken_i,  // the beat is accepted at this edge
  input  logic               last_i,
  input  logic [15:0]        start_i,
  input  logic [8*BYTES-1:0] data_i,
  input  logic [BYTES-1:0]   keep_i,
  output logic [8*BYTES-1:0] data_o
);
  localparam int unsigned LaneBits = $clog2(BYTES);

  logic [16:0] beat_q;  // number of the beat in its packet; stays beyond every start offset once it is there
  logic [15:0] start_beat;
  logic [31:0] start_lane;
  logic        whole, part;
  assign start_beat = start_i >> LaneBits;
  assign start_lane = {16'd0, start_i} & (BYTES - 1);
  assign whole      = beat_q > {1'b0, start_beat};
  assign part       = beat_q == {1'b0, start_beat};

  for (genvar n = 0; n < BYTES; n++) begin : gen_byte
    localparam int unsigned Lane = n;
    assign data_o[8*n +: 8] = keep_i[n] && (whole || (part && start_lane <= Lane)) ? data_i[8*n +: 8] : 8'h00;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= 17'd0;
    else if (taken_i && last_i) beat_q <= 17'd0;
    else if (taken_i && !beat_q[16]) beat_q <= beat_q + 17'd1;
  end
endmodule
