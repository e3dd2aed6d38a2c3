// SPDX-License-Identifier: Apache-2.0
// rtl/lpm/lpm_pipeline, whatever its memories say: one answer for each lookup accepted, in their order, none lost however
// long answers are not taken; the answer queue never overruns; what is offered stays.
module lpm_pipeline_proof #(
  parameter int unsigned IN_FLIGHT = 4,  // few, so that the queue fills within the proof's depth
  parameter bit DROPS = 0                // the proof of a pipeline whose answers are not waited for must fail
) (
  input logic                          clk_i,
  input logic                          rst_ni,
  input logic                          enable_i,
  input logic                          valid_i,
  input logic [31:0]                   address_i,
  input logic [lpm_pkg::TAG_WIDTH-1:0] tag_i,
  input logic                          ready_i
);
  localparam int unsigned Latency = 14;  // all memories take one clock
  localparam logic [7:0] Drained = 8'(Latency + IN_FLIGHT);

  initial assume (!rst_ni);
  // One reset, at the start.
  logic running_q = 1'b0;
  always_ff @(posedge clk_i) running_q <= rst_ni;
  always_ff @(posedge clk_i) if (running_q) assume (rst_ni);

  logic                          ready, valid, bad;
  logic [15:0]                   index;
  logic [lpm_pkg::TAG_WIDTH-1:0] tag;
  logic [$clog2(IN_FLIGHT):0]    in_flight;
  lpm_pkg::word_t                no_word;
  assign no_word = '0;
  lpm_pipeline #(.IN_FLIGHT(IN_FLIGHT)) i_pipeline (
    .clk_i, .rst_ni, .enable_i, .write_i('0), .word_i(no_word),
    .valid_i, .ready_o(ready), .address_i, .tag_i,
    .valid_o(valid), .ready_i(ready_i || DROPS), .index_o(index), .tag_o(tag),
    .bad_o(bad), .in_flight_o(in_flight)
  );

  logic       accepted, taken;
  logic [7:0] held, before_chosen;
  logic       chosen_held;
  logic [lpm_pkg::TAG_WIDTH-1:0] chosen;
  assign accepted = rst_ni && valid_i && ready;
  assign taken    = rst_ni && valid && ready_i;
  stream_order #(.WIDTH(lpm_pkg::TAG_WIDTH), .HELD(IN_FLIGHT)) i_order (
    .clk_i, .rst_ni, .taken_i(accepted), .data_i(tag_i), .given_i(taken), .data_o_i(tag),
    .inside_o(held), .chosen_inside_o(chosen_held), .before_chosen_o(before_chosen), .chosen_o(chosen)
  );
  stream_check #(.WIDTH(16 + lpm_pkg::TAG_WIDTH)) i_stable (
    .clk_i, .rst_ni, .valid_i(valid), .ready_i, .data_i({index, tag})
  );

  // Clocks in a row in which nothing came in and answers were taken.
  logic [7:0] quiet_q = 8'd0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || accepted || !ready_i) quiet_q <= 8'd0;
    else if (quiet_q != 8'hFF) quiet_q <= quiet_q + 8'd1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      counts_them : assert (8'(in_flight) == held);
      accepts_while_there_is_room : assert (ready == (held < 8'(IN_FLIGHT)));
      if (quiet_q >= Drained) none_is_lost : assert (held == 8'd0);
    end
  end
endmodule
