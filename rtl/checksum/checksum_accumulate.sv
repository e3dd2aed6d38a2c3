// SPDX-License-Identifier: Apache-2.0
// Adds the beats of a sum with end-around carry (RFC 1071, section 1), beginning with the seed. One clock.
// A sum whose first byte lies in an odd lane is the right one with its bytes swapped (RFC 1071, section 2(B)): the seed
// is swapped on its way in and the result on its way out.
module checksum_accumulate (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,
  // beats
  input  logic                                 valid_i,
  output logic                                 ready_o,
  input  logic [checksum_pkg::TOTAL_WIDTH-1:0] total_i,
  input  checksum_pkg::control_t               control_i,
  // sums
  output logic                                 valid_o,
  input  logic                                 ready_i,
  output logic [15:0]                          sum_o,
  output logic                                 error_o
);
  localparam int unsigned NextWidth = checksum_pkg::TOTAL_WIDTH + 1;

  logic        first_q;  // the next beat begins a sum
  logic        done_q;   // acc_q is a finished sum that waits to be taken
  logic [16:0] acc_q;
  logic        error_q;
  logic        odd_q;

  logic [15:0]          seed;
  logic [16:0]          base;
  logic [NextWidth-1:0] next;
  logic [16:0]          acc_d;
  assign seed  = control_i.odd ? {control_i.seed[7:0], control_i.seed[15:8]} : control_i.seed;
  assign base  = first_q ? {1'b0, seed} : acc_q;
  assign next  = {{(NextWidth - 17){1'b0}}, base} + {1'b0, total_i};
  assign acc_d = {1'b0, next[15:0]} + {{(33 - NextWidth){1'b0}}, next[NextWidth-1:16]};

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
      odd_q   <= control_i.odd;
    end
  end

  logic [16:0] folded;
  assign folded  = {1'b0, acc_q[15:0]} + {16'd0, acc_q[16]};
  assign sum_o   = odd_q ? {folded[7:0], folded[15:8]} : folded[15:0];
  assign error_o = error_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && done_q) folded_once_is_enough : assert (!folded[16]);
    if (rst_ni && valid_i) errors_end_a_sum : assert (!control_i.error || control_i.last);
  end
endmodule
