// SPDX-License-Identifier: Apache-2.0
// The checksum unit as it stands in a stream of packets: masked beat and first half of the carry-save tree, second half,
// accumulator, folded result, a register each. A packet whose last beat is accepted at one clock edge has its result at
// the fourth after it; one beat is accepted a clock, of the same packet or the next.
module checksum_stream #(
  parameter int unsigned BYTES = 64  // of a beat: 8, 16, 32 or 64
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // beats; the sidebands are those of checksum_pkg::control_t
  input  logic               valid_i,
  output logic               ready_o,
  input  logic [8*BYTES-1:0] data_i,
  input  logic [BYTES-1:0]   keep_i,
  input  logic               last_i,
  input  logic               error_i,
  input  logic               udp_i,
  input  logic [15:0]        start_i,
  input  logic [15:0]        seed_i,
  // results, checksum_pkg::result_t
  output logic               valid_o,
  input  logic               ready_i,
  output logic [15:0]        sum_o,
  output logic [15:0]        check_o,
  output logic               good_o,
  output logic               error_o
);
  localparam int unsigned Words = BYTES / 2;
  // Where the tree is cut: after half of its levels.
  localparam int unsigned Half = BYTES == 64 ? 7 : BYTES == 32 ? 6 : BYTES == 16 ? 4 : 3;
  localparam int unsigned HalfWidth = 16 * Half;
  localparam int unsigned ControlWidth = checksum_pkg::CONTROL_WIDTH;

  logic [8*BYTES-1:0]     masked;
  logic [HalfWidth-1:0]   half, half_q;
  logic                   half_valid, half_ready;
  checksum_pkg::control_t control, half_control, pair_control;
  logic [31:0]            pair, pair_q;
  logic                   pair_valid, pair_ready;
  logic                   done_valid, done_ready;
  checksum_pkg::result_t  done, result;

  assign control = {last_i, error_i, udp_i, start_i, seed_i};
  checksum_mask #(.BYTES(BYTES)) i_mask (
    .clk_i, .rst_ni, .taken_i(valid_i && ready_o), .last_i, .start_i, .data_i, .keep_i, .data_o(masked)
  );
  checksum_tree #(.IN(Words), .OUT(Half)) i_first_half (.words_i(masked), .words_o(half));
  stream_register #(.WIDTH(HalfWidth + ControlWidth)) i_half (
    .clk_i, .rst_ni, .valid_i, .ready_o, .data_i({half, control}),
    .valid_o(half_valid), .ready_i(half_ready), .data_o({half_q, half_control})
  );
  checksum_tree #(.IN(Half), .OUT(2)) i_second_half (.words_i(half_q), .words_o(pair));
  stream_register #(.WIDTH(32 + ControlWidth)) i_pair (
    .clk_i, .rst_ni, .valid_i(half_valid), .ready_o(half_ready), .data_i({pair, half_control}),
    .valid_o(pair_valid), .ready_i(pair_ready), .data_o({pair_q, pair_control})
  );
  checksum_accumulate i_accumulate (
    .clk_i, .rst_ni,
    .valid_i(pair_valid), .ready_o(pair_ready), .words_i(pair_q), .control_i(pair_control),
    .valid_o(done_valid), .ready_i(done_ready), .result_o(done)
  );
  stream_register #(.WIDTH(checksum_pkg::RESULT_WIDTH)) i_result (
    .clk_i, .rst_ni, .valid_i(done_valid), .ready_o(done_ready), .data_i(done),
    .valid_o, .ready_i, .data_o(result)
  );
  assign {error_o, good_o, check_o, sum_o} = result;

  stream_check #(.WIDTH(9 * BYTES + ControlWidth)) i_check_beats (
    .clk_i, .rst_ni, .valid_i, .ready_i(ready_o), .data_i({data_i, keep_i, control})
  );
  stream_check #(.WIDTH(checksum_pkg::RESULT_WIDTH)) i_check_results (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i, .data_i(result)
  );
endmodule
