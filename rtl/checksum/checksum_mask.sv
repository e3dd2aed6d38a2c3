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
  localparam int unsigned BeatBits = 16 - LaneBits;

  logic [BeatBits:0]   beat_q;  // number of the beat in its packet; stays beyond every start offset once it is there
  logic [BeatBits-1:0] start_beat;
  logic [LaneBits-1:0] start_lane;
  logic                whole, part;
  logic [BYTES-1:0]    from_lane;  // lanes from start_lane on
  assign {start_beat, start_lane} = start_i;
  assign whole = beat_q > {1'b0, start_beat};
  assign part  = beat_q == {1'b0, start_beat};
  assign from_lane = {BYTES{1'b1}} << start_lane;

  for (genvar n = 0; n < BYTES; n++) begin : gen_byte
    assign data_o[8*n +: 8] = keep_i[n] && (whole || (part && from_lane[n])) ? data_i[8*n +: 8] : 8'h00;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= '0;
    else if (taken_i && last_i) beat_q <= '0;
    else if (taken_i && !beat_q[BeatBits]) beat_q <= beat_q + 1'b1;
  end
endmodule
