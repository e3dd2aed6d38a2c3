// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match accelerator: registers (regs/lpm.def) and lookup pipeline. Capacities and the memories' clocks
// are those of the list; benches try others. The mover of data beside it reads update lists and lookaside requests from
// memory and writes completions.
module lpm_accelerator #(
  parameter int unsigned NODES1 = lpm_regs_pkg::CAPACITY_LEVEL1_RESET[31:0],
  parameter int unsigned NODES2 = lpm_regs_pkg::CAPACITY_LEVEL2_RESET[31:0],
  parameter int unsigned NODES3 = lpm_regs_pkg::CAPACITY_LEVEL3_RESET[31:0],
  parameter int unsigned NODES4 = lpm_regs_pkg::CAPACITY_LEVEL4_RESET[31:0],
  parameter int unsigned NODES5 = lpm_regs_pkg::CAPACITY_LEVEL5_RESET[31:0],
  parameter int unsigned RESULTS = lpm_regs_pkg::CAPACITY_RESULT_RESET[31:0],
  parameter int unsigned MEMORY_CLOCKS = lpm_regs_pkg::MEMORY_CLOCKS_RESET[31:0]
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  // register bus, see lpm_regs
  input  logic                          req_i,
  input  logic                          we_i,
  input  logic [11:0]                   addr_i,
  input  logic [63:0]                   wdata_i,
  output logic [63:0]                   rdata_o,
  // records of update lists: applied when update_valid_i and update_ready_o
  input  logic                          update_valid_i,
  output logic                          update_ready_o,
  input  logic [26:0]                   update_place_i,
  input  logic [19:0]                   update_high_i,
  input  logic [52:0]                   update_data_i,
  // doorbells, and what became of them, see lpm_regs
  output logic                          update_o,
  output logic [47:0]                   update_base_o,
  output logic                          lookaside_o,
  output logic [47:0]                   lookaside_requests_o,
  output logic [47:0]                   lookaside_completions_o,
  output logic [12:0]                   lookaside_entries_o,
  output logic [31:0]                   count_o,
  input  logic [3:0]                    completed_i,
  input  logic [19:0]                   dropped_i,
  input  logic                          bus_error_i,
  input  logic                          bad_ring_i,
  // lookups: accepted when valid_i and ready_o
  input  logic                          valid_i,
  output logic                          ready_o,
  input  logic [31:0]                   address_i,
  input  logic [lpm_pkg::TAG_WIDTH-1:0] tag_i,
  // answers, in order, LATENCY clocks later unless held up by ready_i
  output logic                          valid_o,
  input  logic                          ready_i,
  output logic [15:0]                   index_o,
  output logic [lpm_pkg::TAG_WIDTH-1:0] tag_o
);
  localparam int unsigned Clocks0 = 32'(MEMORY_CLOCKS[3:0]);
  localparam int unsigned Clocks1 = 32'(MEMORY_CLOCKS[7:4]);
  localparam int unsigned Clocks2 = 32'(MEMORY_CLOCKS[11:8]);
  localparam int unsigned Clocks3 = 32'(MEMORY_CLOCKS[15:12]);
  localparam int unsigned Clocks4 = 32'(MEMORY_CLOCKS[19:16]);
  localparam int unsigned Clocks5 = 32'(MEMORY_CLOCKS[23:20]);
  localparam int unsigned Clocks6 = 32'(MEMORY_CLOCKS[27:24]);
  // Address register, memories, a register behind each of five levels, answer queue, and the edge that takes.
  localparam int unsigned Latency = 7 + Clocks0 + Clocks1 + Clocks2 + Clocks3 + Clocks4 + Clocks5 + Clocks6;

  if (MEMORY_CLOCKS == lpm_regs_pkg::MEMORY_CLOCKS_RESET[31:0] && 64'(Latency) != lpm_regs_pkg::LATENCY_RESET)
  begin : gen_latency_differs
    $error("regs/lpm.def: LATENCY does not follow from MEMORY_CLOCKS");
  end
  if (Latency + 1 > lpm_pkg::IN_FLIGHT) begin : gen_too_slow
    $error("MEMORY_CLOCKS: more clocks than lookups may be under way, one a clock cannot be accepted");
  end

  logic                               enable, write, bad_address, bad_pointer;
  logic [lpm_pkg::MEMORIES-1:0]       write_memory;
  lpm_pkg::word_t                     word;
  logic [$clog2(lpm_pkg::IN_FLIGHT):0] in_flight;

  lpm_regs #(
    .NODES1(NODES1), .NODES2(NODES2), .NODES3(NODES3), .NODES4(NODES4), .NODES5(NODES5), .RESULTS(RESULTS),
    .LATENCY(Latency), .MEMORY_CLOCKS(MEMORY_CLOCKS)
  ) i_regs (
    .clk_i, .rst_ni, .req_i, .we_i, .addr_i, .wdata_i, .rdata_o,
    .update_valid_i, .update_ready_o, .update_word_i({update_place_i, update_high_i, update_data_i}),
    .write_o(write), .word_o(word), .bad_address_i(bad_address),
    .update_o, .update_base_o(update_base_o[47:4]), .lookaside_o, .lookaside_requests_o(lookaside_requests_o[47:6]),
    .lookaside_completions_o(lookaside_completions_o[47:6]), .lookaside_entries_o,
    .count_o, .completed_i, .dropped_i, .bus_error_i, .bad_ring_i,
    .enable_o(enable), .accepted_i(valid_i && ready_o), .taken_i(valid_o && ready_i), .bad_pointer_i(bad_pointer),
    .in_flight_i(in_flight)
  );

  // Lists and rings are aligned.
  assign update_base_o[3:0]           = '0;
  assign lookaside_requests_o[5:0]    = '0;
  assign lookaside_completions_o[5:0] = '0;

  lpm_place #(
    .NODES1(NODES1), .NODES2(NODES2), .NODES3(NODES3), .NODES4(NODES4), .NODES5(NODES5), .RESULTS(RESULTS)
  ) i_place (.write_i(write), .word_i(word), .write_o(write_memory), .bad_o(bad_address));

  lpm_pipeline #(
    .NODES1(NODES1), .NODES2(NODES2), .NODES3(NODES3), .NODES4(NODES4), .NODES5(NODES5), .RESULTS(RESULTS),
    .CLOCKS0(Clocks0), .CLOCKS1(Clocks1), .CLOCKS2(Clocks2), .CLOCKS3(Clocks3), .CLOCKS4(Clocks4), .CLOCKS5(Clocks5),
    .CLOCKS6(Clocks6)
  ) i_pipeline (
    .clk_i, .rst_ni, .enable_i(enable), .write_i(write_memory), .word_i(word),
    .valid_i, .ready_o, .address_i, .tag_i,
    .valid_o, .ready_i, .index_o, .tag_o,
    .bad_o(bad_pointer), .in_flight_o(in_flight)
  );

  stream_check #(.WIDTH(32 + lpm_pkg::TAG_WIDTH)) i_check_lookups (
    .clk_i, .rst_ni, .valid_i, .ready_i(ready_o), .data_i({address_i, tag_i})
  );
  stream_check #(.WIDTH(16 + lpm_pkg::TAG_WIDTH)) i_check_answers (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i, .data_i({index_o, tag_o})
  );
  stream_check #(.WIDTH(100)) i_check_updates (
    .clk_i, .rst_ni, .valid_i(update_valid_i), .ready_i(update_ready_o),
    .data_i({update_place_i, update_high_i, update_data_i})
  );
endmodule
