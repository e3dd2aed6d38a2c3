// SPDX-License-Identifier: Apache-2.0
// First in, first out, of a ready/valid stream: what enters at one clock edge can be taken at the next. The writer must
// not write while all DEPTH places are taken; whoever counts what is under way needs no ready from here. DEPTH is a
// power of two.
module stream_fifo #(
  parameter int unsigned WIDTH = 1,
  parameter int unsigned DEPTH = 2,
  parameter int unsigned ADDR_WIDTH = $clog2(DEPTH)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             write_i,
  input  logic [WIDTH-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [WIDTH-1:0] data_o
);
  logic [WIDTH-1:0]    entries[DEPTH];
  logic [ADDR_WIDTH:0] write_q, read_q;  // one bit more than a place has: full and empty differ

  assign valid_o = write_q != read_q;
  assign data_o  = entries[read_q[ADDR_WIDTH-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q  <= '0;
    end else begin
      if (write_i) write_q <= write_q + 1'b1;
      if (valid_o && ready_i) read_q <= read_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_i) entries[write_q[ADDR_WIDTH-1:0]] <= data_i;
  end

  logic [ADDR_WIDTH:0] used;
  assign used = write_q - read_q;
  always_ff @(posedge clk_i) begin
    if (rst_ni) never_overrun : assert (!write_i || 32'(used) < DEPTH);
  end
endmodule
