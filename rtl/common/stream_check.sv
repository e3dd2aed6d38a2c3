// SPDX-License-Identifier: Apache-2.0
// The rule of every ready/valid stream: what is offered stays, unchanged, until it is taken. Has no outputs, so that
// synthesis removes it.
module stream_check #(
  parameter int unsigned WIDTH = 1
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [WIDTH-1:0] data_i
);
  logic             waiting_q;
  logic [WIDTH-1:0] offered_q;

  always_ff @(posedge clk_i) begin
    waiting_q <= rst_ni && valid_i && !ready_i;
    offered_q <= data_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && waiting_q) begin
      stays_valid : assert (valid_i);
      stays_same  : assert (data_i == offered_q);
    end
  end
endmodule
