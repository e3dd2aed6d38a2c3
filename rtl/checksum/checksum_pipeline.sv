// SPDX-License-Identifier: Apache-2.0
// The adder: masked beat, partial sums, accumulator and result, a register each. A sum whose last beat is accepted at
// one clock edge can be taken at the fourth after it; one beat is accepted a clock, of the same sum or the next.
module checksum_pipeline (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  // beats
  input  logic                             valid_i,
  output logic                             ready_o,
  input  logic [8*checksum_pkg::BYTES-1:0] data_i,
  input  logic [checksum_pkg::BYTES-1:0]   keep_i,
  input  checksum_pkg::control_t           control_i,
  // sums
  output logic                             valid_o,
  input  logic                             ready_i,
  output logic [15:0]                      sum_o,
  output logic                             error_o
);
  localparam int unsigned DataWidth = 8 * checksum_pkg::BYTES;
  localparam int unsigned PartialsWidth = checksum_pkg::GROUPS * checksum_pkg::PARTIAL_WIDTH;

  logic                                 beat_valid, beat_ready;
  logic [DataWidth-1:0]                 masked, beat_data;
  checksum_pkg::control_t               beat_control;
  logic                                 partial_valid, partial_ready;
  logic [PartialsWidth-1:0]             partials, partial_data;
  checksum_pkg::control_t               partial_control;
  logic [checksum_pkg::TOTAL_WIDTH-1:0] total;
  logic                                 done_valid, done_ready;
  logic [15:0]                          done_sum;
  logic                                 done_error;

  checksum_mask i_mask (.data_i, .keep_i, .data_o(masked));
  stream_register #(.WIDTH(DataWidth + checksum_pkg::CONTROL_WIDTH)) i_beat (
    .clk_i, .rst_ni, .valid_i, .ready_o, .data_i({masked, control_i}),
    .valid_o(beat_valid), .ready_i(beat_ready), .data_o({beat_data, beat_control})
  );

  checksum_partial i_partial (.data_i(beat_data), .partials_o(partials));
  stream_register #(.WIDTH(PartialsWidth + checksum_pkg::CONTROL_WIDTH)) i_partials (
    .clk_i, .rst_ni, .valid_i(beat_valid), .ready_o(beat_ready), .data_i({partials, beat_control}),
    .valid_o(partial_valid), .ready_i(partial_ready), .data_o({partial_data, partial_control})
  );

  checksum_total i_total (.partials_i(partial_data), .total_o(total));
  checksum_accumulate i_accumulate (
    .clk_i, .rst_ni,
    .valid_i(partial_valid), .ready_o(partial_ready), .total_i(total), .control_i(partial_control),
    .valid_o(done_valid), .ready_i(done_ready), .sum_o(done_sum), .error_o(done_error)
  );

  stream_register #(.WIDTH(17)) i_result (
    .clk_i, .rst_ni, .valid_i(done_valid), .ready_o(done_ready), .data_i({done_error, done_sum}),
    .valid_o, .ready_i, .data_o({error_o, sum_o})
  );
endmodule
