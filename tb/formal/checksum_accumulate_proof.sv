// SPDX-License-Identifier: Apache-2.0
// rtl/checksum/checksum_accumulate gives the end-around sum of the seed and all words of a packet, one result a packet,
// in order, under any back-pressure. By induction over the beats: while a packet goes on, the two words that stand for its sum add up
// to what a reference has that adds word after word.
module checksum_accumulate_proof #(
  parameter bit FORGETS = 0  // the proof of a reference without the seed must fail
) (
  input logic                   clk_i,
  input logic                   rst_ni,
  input logic                   valid_i,
  input logic [31:0]            words_i,
  input checksum_pkg::control_t control_i,
  input logic                   ready_i
);
  initial assume (!rst_ni);

  logic                  ready, valid;
  checksum_pkg::result_t result;
  checksum_accumulate i_accumulate (
    .clk_i, .rst_ni, .valid_i, .ready_o(ready), .words_i, .control_i, .valid_o(valid), .ready_i, .result_o(result)
  );

  logic        first_q = 1'b1, done_q = 1'b0, odd_q, udp_q, error_q;
  logic [15:0] sum_q, seed, base, one, both, sum;
  assign seed = control_i.start[0] ? {control_i.seed[7:0], control_i.seed[15:8]} : control_i.seed;
  assign base = i_first ? (FORGETS ? 16'd0 : seed) : sum_q;
  ones_add i_one (.a_i(base), .b_i(words_i[15:0]), .sum_o(one));
  ones_add i_both (.a_i(one), .b_i(words_i[31:16]), .sum_o(both));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      done_q  <= 1'b0;
    end else begin
      if (valid && ready_i) done_q <= 1'b0;
      if (valid_i && ready) begin
        first_q <= control_i.last;
        done_q  <= control_i.last;
      end
    end
    if (valid_i && ready) begin
      sum_q   <= both;
      odd_q   <= control_i.start[0];
      udp_q   <= control_i.udp;
      error_q <= control_i.error;
    end
  end
  assign sum = odd_q ? {sum_q[7:0], sum_q[15:8]} : sum_q;

  always_comb begin
    assume (!control_i.error || control_i.last);
    if (rst_ni) begin
      one_result_a_packet : assert (valid == done_q);
      takes_one_a_clock : assert (ready || !ready_i);
      if (done_q) no_beat_in_between : assert (first_q);
      // While the packet goes on, too: the sum so far.
      same_sum : assert (result.sum == sum);
      same_flags : assert ({i_odd, i_udp, result.error} == {odd_q, udp_q, error_q});
      same_beginning : assert (i_first == first_q);
      if (done_q) begin
        same_check : assert (result.check == (udp_q && sum == 16'hFFFF ? 16'hFFFF : ~sum));
        same_verdict : assert (result.good == (sum == 16'hFFFF));
      end
    end
  end

  // Registers and wires of the unit.
  (* hierconn *) wire        \i_accumulate.first_q ;
  (* hierconn *) wire        \i_accumulate.odd_q ;
  (* hierconn *) wire        \i_accumulate.udp_q ;
  (* hierconn *) wire [31:0] \i_accumulate.base ;
  wire        i_first = \i_accumulate.first_q ;
  wire        i_odd   = \i_accumulate.odd_q ;
  wire        i_udp   = \i_accumulate.udp_q ;
  wire [31:0] i_base  = \i_accumulate.base ;

  // Steps on the way, so that the solver finds what is equal one after the other: a step of the tree keeps the sum, and
  // end-around addition is commutative and associative and has a zero.
  logic [15:0] w0, w1, w2, w3, s0, c0, s1, c1;
  assign {w3, w2, w1, w0} = {words_i, i_base};
  checksum_tree #(.IN(3), .OUT(2)) i_step0 (.words_i({w2, w1, w0}), .words_o({c0, s0}));
  checksum_tree #(.IN(3), .OUT(2)) i_step1 (.words_i({c0, s0, w3}), .words_o({c1, s1}));
  logic [15:0] w12, w0_12, w01, w01_2, after0, after1, w3_after0, w012_3, w0_zero;
  ones_add i_w12 (.a_i(w1), .b_i(w2), .sum_o(w12));
  ones_add i_w0_12 (.a_i(w0), .b_i(w12), .sum_o(w0_12));
  ones_add i_w01 (.a_i(w0), .b_i(w1), .sum_o(w01));
  ones_add i_w01_2 (.a_i(w01), .b_i(w2), .sum_o(w01_2));
  ones_add i_after0 (.a_i(s0), .b_i(c0), .sum_o(after0));
  ones_add i_after1 (.a_i(s1), .b_i(c1), .sum_o(after1));
  ones_add i_w3_after0 (.a_i(w3), .b_i(after0), .sum_o(w3_after0));
  ones_add i_w012_3 (.a_i(w01_2), .b_i(w3), .sum_o(w012_3));
  ones_add i_w0_zero (.a_i(w0), .b_i(16'd0), .sum_o(w0_zero));
  always_comb begin
    step_0_keeps_the_sum : assert (after0 == w0_12);
    step_1_keeps_the_sum : assert (after1 == w3_after0);
    associative : assert (w0_12 == w01_2);
    zero_adds_nothing : assert (w0_zero == w0);
    commutative : assert (w3_after0 == w012_3);
  end
endmodule
