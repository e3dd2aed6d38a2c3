// SPDX-License-Identifier: Apache-2.0
// The lookup pipeline: address register, root, five levels, results, answer queue. It never waits: a lookup is accepted
// while fewer than IN_FLIGHT are unanswered, so that there is always room in the queue for what comes out. One lookup
// is accepted a clock; `enable_i` counts at the edge that accepts.
module lpm_pipeline #(
  parameter int unsigned IN_FLIGHT = lpm_pkg::IN_FLIGHT,
  parameter int unsigned NODES1 = 8192,
  parameter int unsigned NODES2 = 98304,
  parameter int unsigned NODES3 = 417792,
  parameter int unsigned NODES4 = 24576,
  parameter int unsigned NODES5 = 16384,
  parameter int unsigned RESULTS = 1310720,
  // Clocks of a read: root, levels 1 to 5, results
  parameter int unsigned CLOCKS0 = 1,
  parameter int unsigned CLOCKS1 = 1,
  parameter int unsigned CLOCKS2 = 1,
  parameter int unsigned CLOCKS3 = 1,
  parameter int unsigned CLOCKS4 = 1,
  parameter int unsigned CLOCKS5 = 1,
  parameter int unsigned CLOCKS6 = 1
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           enable_i,
  // words written by software; the memory is one-hot
  input  logic [lpm_pkg::MEMORIES-1:0]   write_i,
  /* verilator lint_off UNUSEDSIGNAL */  // the registers are as wide as the largest table that may ever be
  input  lpm_pkg::word_t                 word_i,
  /* verilator lint_on UNUSEDSIGNAL */
  // lookups
  input  logic                           valid_i,
  output logic                           ready_o,
  input  logic [31:0]                    address_i,
  input  logic [lpm_pkg::TAG_WIDTH-1:0]  tag_i,
  // answers
  output logic                           valid_o,
  input  logic                           ready_i,
  output logic [15:0]                    index_o,
  output logic [lpm_pkg::TAG_WIDTH-1:0]  tag_o,
  // an answer that met a bad pointer comes out of the memories; lookups accepted and not answered
  output logic                           bad_o,
  output logic [$clog2(IN_FLIGHT):0]     in_flight_o
);
  localparam int unsigned InFlightWidth = $clog2(IN_FLIGHT) + 1;
  localparam int unsigned AskedWidth = 1 + 32 + lpm_pkg::TAG_WIDTH;
  localparam int unsigned Width0 = $clog2(NODES1);
  localparam int unsigned Width1 = $clog2(NODES2);
  localparam int unsigned Width2 = $clog2(NODES3);
  localparam int unsigned Width3 = $clog2(NODES4);
  localparam int unsigned Width4 = $clog2(NODES5);
  localparam int unsigned Width6 = $clog2(RESULTS);
  localparam int unsigned LastWidth = lpm_pkg::DATA_WIDTH - lpm_pkg::EXTERNAL_WIDTH;

  logic [InFlightWidth-1:0] in_flight_q;
  logic                     accept, take;

  assign ready_o     = 32'(in_flight_q) < IN_FLIGHT;
  assign accept      = valid_i && ready_o;
  assign take        = valid_o && ready_i;
  assign in_flight_o = in_flight_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) in_flight_q <= '0;
    else in_flight_q <= in_flight_q + InFlightWidth'(accept) - InFlightWidth'(take);
  end

  logic                          asked, enable;
  logic [31:0]                   address;
  logic [lpm_pkg::TAG_WIDTH-1:0] tag;
  valid_line #(.CLOCKS(1)) i_asked (.clk_i, .rst_ni, .valid_i(accept), .valid_o(asked));
  delay_line #(.WIDTH(AskedWidth), .CLOCKS(1)) i_address (
    .clk_i, .data_i({enable_i, address_i, tag_i}), .data_o({enable, address, tag})
  );

  logic             valid1, valid2, valid3, valid4, valid5, valid6, valid7;
  lpm_pkg::lookup_t lookup1, lookup2, lookup3, lookup4, lookup5, lookup6;

  lpm_root #(.CLOCKS(CLOCKS0), .CHILDREN(NODES1)) i_root (
    .clk_i, .rst_ni,
    .write_i(write_i[0]), .write_index_i(word_i.index[lpm_pkg::ROOT_STRIDE-1:0]),
    .write_word_i(word_i.data[16+Width0:0]),
    .valid_i(asked), .enable_i(enable), .address_i(address), .tag_i(tag),
    .valid_o(valid1), .lookup_o(lookup1)
  );
  lpm_level #(.NODES(NODES1), .CHILDREN(NODES2), .CLOCKS(CLOCKS1)) i_level1 (
    .clk_i, .rst_ni,
    .write_i(write_i[1]), .write_index_i(word_i.index[Width0-1:0]), .write_word_i({word_i.high[Width1-1:0], word_i.data}),
    .valid_i(valid1), .lookup_i(lookup1), .valid_o(valid2), .lookup_o(lookup2)
  );
  lpm_level #(.NODES(NODES2), .CHILDREN(NODES3), .CLOCKS(CLOCKS2)) i_level2 (
    .clk_i, .rst_ni,
    .write_i(write_i[2]), .write_index_i(word_i.index[Width1-1:0]), .write_word_i({word_i.high[Width2-1:0], word_i.data}),
    .valid_i(valid2), .lookup_i(lookup2), .valid_o(valid3), .lookup_o(lookup3)
  );
  lpm_level #(.NODES(NODES3), .CHILDREN(NODES4), .CLOCKS(CLOCKS3)) i_level3 (
    .clk_i, .rst_ni,
    .write_i(write_i[3]), .write_index_i(word_i.index[Width2-1:0]), .write_word_i({word_i.high[Width3-1:0], word_i.data}),
    .valid_i(valid3), .lookup_i(lookup3), .valid_o(valid4), .lookup_o(lookup4)
  );
  lpm_level #(.NODES(NODES4), .CHILDREN(NODES5), .CLOCKS(CLOCKS4)) i_level4 (
    .clk_i, .rst_ni,
    .write_i(write_i[4]), .write_index_i(word_i.index[Width3-1:0]), .write_word_i({word_i.high[Width4-1:0], word_i.data}),
    .valid_i(valid4), .lookup_i(lookup4), .valid_o(valid5), .lookup_o(lookup5)
  );
  lpm_level #(.NODES(NODES5), .CHILDREN(0), .CLOCKS(CLOCKS5)) i_level5 (
    .clk_i, .rst_ni,
    .write_i(write_i[5]), .write_index_i(word_i.index[Width4-1:0]), .write_word_i(word_i.data[LastWidth-1:0]),
    .valid_i(valid5), .lookup_i(lookup5), .valid_o(valid6), .lookup_o(lookup6)
  );

  logic                          bad;
  logic [15:0]                   index;
  logic [lpm_pkg::TAG_WIDTH-1:0] answer_tag;
  lpm_result #(.WORDS(RESULTS), .CLOCKS(CLOCKS6)) i_result (
    .clk_i, .rst_ni,
    .write_i(write_i[6]), .write_index_i(word_i.index[Width6-1:0]), .write_word_i(word_i.data[15:0]),
    .valid_i(valid6), .lookup_i(lookup6),
    .valid_o(valid7), .bad_o(bad), .index_o(index), .tag_o(answer_tag)
  );
  assign bad_o = valid7 && bad;

  stream_fifo #(.WIDTH(16 + lpm_pkg::TAG_WIDTH), .DEPTH(IN_FLIGHT)) i_answers (
    .clk_i, .rst_ni, .write_i(valid7), .data_i({index, answer_tag}),
    .valid_o, .ready_i, .data_o({index_o, tag_o})
  );
endmodule
