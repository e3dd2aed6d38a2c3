// SPDX-License-Identifier: Apache-2.0
// rtl/lpm/lpm_pipeline: one answer a lookup, in the order of the lookups, none lost or made up, whatever the memories say
// and however long answers are not taken. By induction, with memories of one clock and 16 lookups under way.
module lpm_pipeline_proof #(
  parameter bit DROPS = 0  // the proof of a pipeline whose answers are not waited for must fail
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            enable_i,
  input logic            valid_i,
  input logic [31:0]     address_i,
  input logic [7:0]      tag_i,
  input logic            ready_i
);
  localparam int unsigned Depth = 16;
  localparam int unsigned Stages = 13;
  initial assume (!rst_ni);

  logic       ready, valid, bad;
  logic [7:0] tag;
  logic [15:0] index;
  logic [4:0] in_flight;
  lpm_pipeline #(.IN_FLIGHT(Depth)) i_pipeline (
    .clk_i, .rst_ni, .enable_i, .write_i('0), .word_i('0), .valid_i, .ready_o(ready), .address_i, .tag_i,
    .valid_o(valid), .ready_i(ready_i || DROPS), .index_o(index), .tag_o(tag), .bad_o(bad), .in_flight_o(in_flight)
  );
  stream_check #(.WIDTH(8)) i_stable (.clk_i, .rst_ni, .valid_i(valid), .ready_i, .data_i(tag));

  logic [7:0] inside, before, chosen;
  logic       chosen_inside;
  stream_order #(.WIDTH(8), .HELD(Depth)) i_order (
    .clk_i, .rst_ni, .taken_i(valid_i && ready), .data_i(tag_i), .given_i(valid && ready_i), .data_o_i(tag),
    .inside_o(inside), .chosen_inside_o(chosen_inside), .before_chosen_o(before), .chosen_o(chosen)
  );

  // The registers on the way: one with an address, one behind the root, two a level, one behind the results.
  (* hierconn *) wire \i_pipeline.i_asked.valid_q ;
  (* hierconn *) wire \i_pipeline.i_root.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level1.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level1.i_decoded.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level2.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level2.i_decoded.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level3.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level3.i_decoded.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level4.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level4.i_decoded.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level5.i_valid.valid_q ;
  (* hierconn *) wire \i_pipeline.i_level5.i_decoded.valid_q ;
  (* hierconn *) wire \i_pipeline.i_result.i_valid.valid_q ;
  (* hierconn *) wire [7:0] \i_pipeline.tag ;
  (* hierconn *) wire [7:0] \i_pipeline.i_root.tag ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level1.lookup ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level1.lookup_q ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level2.lookup ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level2.lookup_q ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level3.lookup ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level3.lookup_q ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level4.lookup ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level4.lookup_q ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level5.lookup ;
  (* hierconn *) wire [72:0] \i_pipeline.i_level5.lookup_q ;
  (* hierconn *) wire [7:0] \i_pipeline.answer_tag ;
  (* hierconn *) wire [4:0] \i_pipeline.i_answers.write_q ;
  (* hierconn *) wire [4:0] \i_pipeline.i_answers.read_q ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[0] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[1] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[2] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[3] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[4] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[5] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[6] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[7] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[8] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[9] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[10] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[11] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[12] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[13] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[14] ;
  (* hierconn *) wire [23:0] \i_pipeline.i_answers.entries[15] ;
  wire [Stages-1:0]   filled = {
    \i_pipeline.i_result.i_valid.valid_q , \i_pipeline.i_level5.i_decoded.valid_q ,
    \i_pipeline.i_level5.i_valid.valid_q , \i_pipeline.i_level4.i_decoded.valid_q ,
    \i_pipeline.i_level4.i_valid.valid_q , \i_pipeline.i_level3.i_decoded.valid_q ,
    \i_pipeline.i_level3.i_valid.valid_q , \i_pipeline.i_level2.i_decoded.valid_q ,
    \i_pipeline.i_level2.i_valid.valid_q , \i_pipeline.i_level1.i_decoded.valid_q ,
    \i_pipeline.i_level1.i_valid.valid_q , \i_pipeline.i_root.i_valid.valid_q , \i_pipeline.i_asked.valid_q };
  wire [8*Stages-1:0] tags = {
    \i_pipeline.answer_tag , \i_pipeline.i_level5.lookup_q [72:65], \i_pipeline.i_level5.lookup [72:65],
    \i_pipeline.i_level4.lookup_q [72:65], \i_pipeline.i_level4.lookup [72:65], \i_pipeline.i_level3.lookup_q [72:65],
    \i_pipeline.i_level3.lookup [72:65], \i_pipeline.i_level2.lookup_q [72:65], \i_pipeline.i_level2.lookup [72:65],
    \i_pipeline.i_level1.lookup_q [72:65], \i_pipeline.i_level1.lookup [72:65], \i_pipeline.i_root.tag ,
    \i_pipeline.tag };
  wire [8*Depth-1:0]  queue = {
    \i_pipeline.i_answers.entries[15] [7:0], \i_pipeline.i_answers.entries[14] [7:0],
    \i_pipeline.i_answers.entries[13] [7:0], \i_pipeline.i_answers.entries[12] [7:0],
    \i_pipeline.i_answers.entries[11] [7:0], \i_pipeline.i_answers.entries[10] [7:0],
    \i_pipeline.i_answers.entries[9] [7:0], \i_pipeline.i_answers.entries[8] [7:0],
    \i_pipeline.i_answers.entries[7] [7:0], \i_pipeline.i_answers.entries[6] [7:0],
    \i_pipeline.i_answers.entries[5] [7:0], \i_pipeline.i_answers.entries[4] [7:0],
    \i_pipeline.i_answers.entries[3] [7:0], \i_pipeline.i_answers.entries[2] [7:0],
    \i_pipeline.i_answers.entries[1] [7:0], \i_pipeline.i_answers.entries[0] [7:0]};
  wire [4:0]          used = \i_pipeline.i_answers.write_q - \i_pipeline.i_answers.read_q ;
  wire [3:0]          first = \i_pipeline.i_answers.read_q [3:0];

  // Where the chosen lookup is: in the register of that number, or in the queue.
  logic [3:0] stage_q;
  always_ff @(posedge clk_i) begin
    if (!chosen_inside) stage_q <= 4'd0;
    else if (stage_q != Stages[3:0]) stage_q <= stage_q + 4'd1;
  end

  logic [7:0] all, ahead;
  logic [3:0] place;
  integer     n;
  always_comb begin
    all = {3'd0, used};
    ahead = {3'd0, used};
    for (n = 0; n < Stages; n = n + 1) begin
      if (filled[n]) all = all + 8'd1;
      if (filled[n] && n > 32'(stage_q)) ahead = ahead + 8'd1;
    end
    place = first + before[3:0];
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      counted : assert (8'(in_flight) == inside && inside == all);
      offers_what_is_queued : assert (valid == (used != 5'd0) && used <= 5'd16);
      takes_while_there_is_room : assert (ready == (inside < 8'(Depth)));
      if (chosen_inside && stage_q < Stages[3:0]) on_its_way : assert (
          filled[stage_q] && tags[8*stage_q +: 8] == chosen && before == ahead);
      if (chosen_inside && stage_q == Stages[3:0]) queued : assert (before < {3'd0, used} && queue[8*place +: 8] == chosen);
      if (chosen_inside) somewhere : assert (stage_q <= Stages[3:0]);
    end
  end
endmodule
