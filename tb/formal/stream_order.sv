// SPDX-License-Identifier: Apache-2.0
// Nothing that went into a stream is lost, doubled or overtaken: what comes out as number n is what went in as number n,
// for an n that the solver is free to choose. What comes out has the width of what goes in.
module stream_order #(
  parameter int unsigned WIDTH = 1,
  parameter int unsigned HELD = 1  // at most this many are inside
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             taken_i,   // one goes in at this edge
  input logic [WIDTH-1:0] data_i,
  input logic             given_i,   // one comes out at this edge
  input logic [WIDTH-1:0] data_o_i,
  output logic [7:0]      inside_o,  // how many are inside now
  output logic            chosen_inside_o,
  output logic [7:0]      before_chosen_o,  // how many come out before the chosen one
  output logic [WIDTH-1:0] chosen_o
);
  (* anyseq *) logic choose;  // the one that goes in now is the chosen one

  logic [7:0]       inside_q = 8'd0;
  logic             chosen_inside_q = 1'b0;
  logic             was_chosen_q = 1'b0;
  logic [7:0]       before_q;
  logic [WIDTH-1:0] chosen_q;
  assign inside_o = inside_q;
  assign chosen_inside_o = chosen_inside_q;
  assign before_chosen_o = before_q;
  assign chosen_o = chosen_q;

  logic comes_out;
  assign comes_out = chosen_inside_q && given_i && before_q == 8'd0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inside_q        <= 8'd0;
      chosen_inside_q <= 1'b0;
      was_chosen_q    <= 1'b0;
    end else begin
      inside_q <= inside_q + {7'd0, taken_i} - {7'd0, given_i};
      if (comes_out) chosen_inside_q <= 1'b0;
      if (given_i && before_q != 8'd0) before_q <= before_q - 8'd1;
      if (taken_i && choose && !was_chosen_q) begin
        was_chosen_q    <= 1'b1;
        chosen_inside_q <= 1'b1;
        before_q        <= inside_q - {7'd0, given_i};
        chosen_q        <= data_i;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      nothing_from_nowhere : assert (!given_i || inside_q != 8'd0);
      bounded : assert (inside_q <= HELD[7:0]);
      if (comes_out) order_kept : assert (data_o_i == chosen_q);
      if (chosen_inside_q) chosen_is_one_of_them : assert (was_chosen_q && before_q < inside_q);
    end
  end
endmodule
