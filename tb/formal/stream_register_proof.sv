// SPDX-License-Identifier: Apache-2.0
// rtl/common/stream_register: nothing lost, order kept, no change while stalled, whatever the two sides do; and it takes
// one each clock as long as it can hand one out.
module stream_register_proof #(
  parameter int unsigned WIDTH = 8,
  parameter bit DROPS = 0  // the proof of a register whose output is not waited for must fail
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic [WIDTH-1:0] data_i,
  input logic             ready_i
);
  initial assume (!rst_ni);

  logic             ready, valid;
  logic [WIDTH-1:0] data;
  stream_register #(.WIDTH(WIDTH)) i_register (
    .clk_i, .rst_ni, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i(ready_i || DROPS), .data_o(data)
  );
  stream_check #(.WIDTH(WIDTH)) i_stable (.clk_i, .rst_ni, .valid_i(valid), .ready_i, .data_i(data));

  logic [7:0]       held;
  logic             chosen_held;
  logic [7:0]       before_chosen;
  logic [WIDTH-1:0] chosen;
  stream_order #(.WIDTH(WIDTH), .HELD(1)) i_order (
    .clk_i, .rst_ni, .taken_i(valid_i && ready), .data_i, .given_i(valid && ready_i), .data_o_i(data),
    .inside_o(held), .chosen_inside_o(chosen_held), .before_chosen_o(before_chosen), .chosen_o(chosen)
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      holds_what_it_took : assert (valid == (held != 8'd0));
      full_throughput : assert (ready || !ready_i);
      if (chosen_held) chosen_is_held : assert (before_chosen == 8'd0 && data == chosen);
    end
  end
endmodule
