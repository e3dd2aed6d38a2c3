// SPDX-License-Identifier: Apache-2.0
// Adds the beats of a packet, beginning with the seed, in carry-save form. One clock. A finished packet's sum is folded
// on its way out, with end-around carry (RFC 1071, section 1). A sum whose first byte lies in an odd lane is the right
// one with its bytes swapped (RFC 1071, section 2(B)): the seed is swapped on its way in, the sum on its way out.
module checksum_accumulate (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // beats, as two words
  input  logic                   valid_i,
  output logic                   ready_o,
  input  logic [31:0]            words_i,
  input  checksum_pkg::control_t control_i,
  // packets
  output logic                   valid_o,
  input  logic                   ready_i,
  output checksum_pkg::result_t  result_o
);
  logic        first_q;  // the next beat begins a packet
  logic        done_q;   // acc_q is a finished packet's and waits to be taken
  logic [31:0] acc_q;
  logic        error_q;
  logic        odd_q;
  logic        udp_q;

  logic [15:0] seed;
  logic [31:0] base, acc_d;
  assign seed = control_i.start[0] ? {control_i.seed[7:0], control_i.seed[15:8]} : control_i.seed;
  assign base = first_q ? {16'd0, seed} : acc_q;
  checksum_tree #(.IN(4), .OUT(2)) i_tree (.words_i({words_i, base}), .words_o(acc_d));

  assign ready_o = ready_i || !done_q;
  assign valid_o = done_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      done_q  <= 1'b0;
    end else if (ready_o) begin
      done_q <= valid_i && control_i.last;
      if (valid_i) first_q <= control_i.last;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) begin
      acc_q   <= acc_d;
      error_q <= control_i.error;
      odd_q   <= control_i.start[0];
      udp_q   <= control_i.udp;
    end
  end

  logic [15:0] folded, sum;
  logic        all_ones;
  ones_add #(.WIDTH(16)) i_fold (.a_i(acc_q[15:0]), .b_i(acc_q[31:16]), .sum_o(folded));
  assign sum      = odd_q ? {folded[7:0], folded[15:8]} : folded;
  assign all_ones = folded == 16'hFFFF;
  always_comb begin
    result_o.sum   = sum;
    result_o.check = (udp_q && all_ones) ? 16'hFFFF : ~sum;
    result_o.good  = all_ones;
    result_o.error = error_q;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_i) errors_end_a_packet : assert (!control_i.error || control_i.last);
  end
endmodule
