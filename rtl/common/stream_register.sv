// SPDX-License-Identifier: Apache-2.0
// One register of a ready/valid stream: full throughput, one clock of latency; what it holds stays until it is taken.
// ready_o depends on ready_i in the same clock.
module stream_register #(
  parameter int unsigned WIDTH = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [WIDTH-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [WIDTH-1:0] data_o
);
  logic             valid_q;
  logic [WIDTH-1:0] data_q;

  assign ready_o = ready_i || !valid_q;
  assign valid_o = valid_q;
  assign data_o  = data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (ready_o) valid_q <= valid_i;
  end

  // The data path has no reset: it is looked at only while valid_q is set.
  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) data_q <= data_i;
  end
endmodule
