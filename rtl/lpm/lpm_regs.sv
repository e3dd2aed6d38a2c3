// SPDX-License-Identifier: Apache-2.0
// Registers of the longest-prefix-match accelerator (regs/lpm.def). A request takes one clock: reads answer within it,
// writes take effect at its end. Unknown registers read 0 and drop writes. A doorbell is handed on in the same clock.
module lpm_regs #(
  parameter int unsigned NODES1 = 8192,
  parameter int unsigned NODES2 = 98304,
  parameter int unsigned NODES3 = 417792,
  parameter int unsigned NODES4 = 24576,
  parameter int unsigned NODES5 = 16384,
  parameter int unsigned RESULTS = 1310720,
  parameter int unsigned LATENCY = 19,
  parameter int unsigned MEMORY_CLOCKS = 32'h2222211
) (
  input  logic           clk_i,
  input  logic           rst_ni,
  // register bus; addresses are bytes from the start of the window
  input  logic           req_i,
  input  logic           we_i,
  input  logic [11:0]    addr_i,
  input  logic [63:0]    wdata_i,
  output logic [63:0]    rdata_o,
  // words for the memories: those of the bus, and those of update lists, which wait while the bus writes
  input  logic           update_valid_i,
  output logic           update_ready_o,
  input  lpm_pkg::word_t update_word_i,
  output logic           write_o,
  output lpm_pkg::word_t word_o,
  input  logic           bad_address_i,
  // doorbells, with what counts for them
  output logic           update_o,
  output logic [47:4]    update_base_o,
  output logic           lookaside_o,
  output logic [47:6]    lookaside_requests_o,
  output logic [47:6]    lookaside_completions_o,
  output logic [12:0]    lookaside_entries_o,
  output logic [31:0]    count_o,
  // what became of them
  input  logic [3:0]     completed_i,
  input  logic [19:0]    dropped_i,
  input  logic           bus_error_i,
  input  logic           bad_ring_i,
  // to and from the pipeline
  output logic           enable_o,
  input  logic           accepted_i,
  input  logic           taken_i,
  input  logic           bad_pointer_i,
  input  logic [$clog2(lpm_pkg::IN_FLIGHT):0] in_flight_i
);
  localparam int unsigned InFlightWidth = $clog2(lpm_pkg::IN_FLIGHT) + 1;
  localparam int unsigned IndexWidth = lpm_pkg::INDEX_WIDTH;
  // As many as 17 lists may hold.
  localparam int unsigned PendingWidth = 25;

  logic                           enable_q;
  logic [3:0]                     status_q, status_set;
  logic [2:0]                     select_q;
  logic [IndexWidth-1:0]          index_q;
  logic [lpm_pkg::HIGH_WIDTH-1:0] high_q;
  logic [InFlightWidth-1:0]       drain_q;
  logic [63:0]                    lookups_q;
  logic [47:4]                    update_base_q;
  logic [47:6]                    requests_q, completions_q;
  logic [PendingWidth-1:0]        pending_q;
  logic [12:0]                    entries_q;
  logic [31:0]                    tail_q, head_q;

  logic write, write_status, write_data, write_drain, write_entries, updated;
  assign write          = req_i && we_i;
  assign write_status   = write && addr_i == lpm_regs_pkg::STATUS_OFFSET[11:0];
  assign write_data     = write && addr_i == lpm_regs_pkg::ENTRY_DATA_OFFSET[11:0];
  assign write_drain    = write && addr_i == lpm_regs_pkg::DRAIN_OFFSET[11:0];
  assign write_entries  = write && addr_i == lpm_regs_pkg::LOOKASIDE_ENTRIES_OFFSET[11:0];
  assign update_ready_o = !write;
  assign updated        = update_valid_i && update_ready_o;

  assign enable_o = enable_q;
  assign write_o  = write_data || updated;
  assign word_o   = updated ? update_word_i : {select_q, index_q, high_q, wdata_i[lpm_pkg::DATA_WIDTH-1:0]};

  assign update_o                = write && addr_i == lpm_regs_pkg::UPDATE_DOORBELL_OFFSET[11:0];
  assign update_base_o           = update_base_q;
  assign lookaside_o             = write && addr_i == lpm_regs_pkg::LOOKASIDE_TAIL_OFFSET[11:0];
  assign lookaside_requests_o    = requests_q;
  assign lookaside_completions_o = completions_q;
  assign lookaside_entries_o     = entries_q;
  assign count_o                 = update_o ? {12'd0, wdata_i[19:0]} : wdata_i[31:0];

  always_comb begin
    status_set = 4'b0000;
    status_set[lpm_regs_pkg::STATUS_BAD_ADDRESS_LSB[1:0]] = bad_address_i;
    status_set[lpm_regs_pkg::STATUS_BAD_POINTER_LSB[1:0]] = bad_pointer_i;
    status_set[lpm_regs_pkg::STATUS_BUS_ERROR_LSB[1:0]]   = bus_error_i;
    status_set[lpm_regs_pkg::STATUS_BAD_RING_LSB[1:0]]    = bad_ring_i;
  end

  // Control, and the place of the next word.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_q <= lpm_regs_pkg::CTRL_ENABLE_RESET[0];
      status_q <= lpm_regs_pkg::STATUS_RESET[3:0];
      select_q <= lpm_regs_pkg::ENTRY_ADDR_MEMORY_RESET[2:0];
      index_q  <= lpm_regs_pkg::ENTRY_ADDR_INDEX_RESET[IndexWidth-1:0];
      high_q   <= lpm_regs_pkg::ENTRY_HIGH_RESET[19:0];
    end else begin
      if (write && addr_i == lpm_regs_pkg::CTRL_OFFSET[11:0]) enable_q <= wdata_i[lpm_regs_pkg::CTRL_ENABLE_LSB];
      status_q <= (write_status ? status_q & ~wdata_i[3:0] : status_q) | status_set;
      if (write && addr_i == lpm_regs_pkg::ENTRY_ADDR_OFFSET[11:0]) {select_q, index_q} <= wdata_i[26:0];
      else if (write_data) index_q <= index_q + 1'b1;
      if (write && addr_i == lpm_regs_pkg::ENTRY_HIGH_OFFSET[11:0]) high_q <= wdata_i[19:0];
    end
  end

  // Counters of lookups.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      lookups_q <= lpm_regs_pkg::LOOKUPS_RESET;
      drain_q   <= '0;
    end else begin
      if (accepted_i) lookups_q <= lookups_q + 64'd1;
      if (write_drain) drain_q <= in_flight_i - InFlightWidth'(taken_i);
      else if (taken_i && drain_q != '0) drain_q <= drain_q - 1'b1;
    end
  end

  // Update lists and the lookaside rings.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      update_base_q <= lpm_regs_pkg::UPDATE_BASE_RESET[47:4];
      pending_q     <= '0;
      requests_q    <= lpm_regs_pkg::LOOKASIDE_REQUESTS_RESET[47:6];
      completions_q <= lpm_regs_pkg::LOOKASIDE_COMPLETIONS_RESET[47:6];
      entries_q     <= lpm_regs_pkg::LOOKASIDE_ENTRIES_RESET[12:0];
      tail_q        <= lpm_regs_pkg::LOOKASIDE_TAIL_RESET[31:0];
      head_q        <= lpm_regs_pkg::LOOKASIDE_HEAD_RESET[31:0];
    end else begin
      if (write && addr_i == lpm_regs_pkg::UPDATE_BASE_OFFSET[11:0]) update_base_q <= wdata_i[47:4];
      pending_q <= pending_q + (update_o ? PendingWidth'(wdata_i[19:0]) : '0)
                   - PendingWidth'(updated) - PendingWidth'(dropped_i);
      if (write && addr_i == lpm_regs_pkg::LOOKASIDE_REQUESTS_OFFSET[11:0]) requests_q <= wdata_i[47:6];
      if (write && addr_i == lpm_regs_pkg::LOOKASIDE_COMPLETIONS_OFFSET[11:0]) completions_q <= wdata_i[47:6];
      if (write_entries) entries_q <= wdata_i[12:0];
      if (write_entries) tail_q <= 32'd0;
      else if (lookaside_o) tail_q <= wdata_i[31:0];
      head_q <= (write_entries ? 32'd0 : head_q) + 32'(completed_i);
    end
  end

  always_comb begin
    rdata_o = 64'd0;
    if (req_i && !we_i) begin
      case (addr_i)
        lpm_regs_pkg::ID_OFFSET[11:0]:                    rdata_o = lpm_regs_pkg::ID_RESET;
        lpm_regs_pkg::CTRL_OFFSET[11:0]:                  rdata_o[lpm_regs_pkg::CTRL_ENABLE_LSB] = enable_q;
        lpm_regs_pkg::STATUS_OFFSET[11:0]:                rdata_o = {60'd0, status_q};
        lpm_regs_pkg::CAPACITY_LEVEL1_OFFSET[11:0]:       rdata_o = 64'(NODES1);
        lpm_regs_pkg::CAPACITY_LEVEL2_OFFSET[11:0]:       rdata_o = 64'(NODES2);
        lpm_regs_pkg::CAPACITY_LEVEL3_OFFSET[11:0]:       rdata_o = 64'(NODES3);
        lpm_regs_pkg::CAPACITY_LEVEL4_OFFSET[11:0]:       rdata_o = 64'(NODES4);
        lpm_regs_pkg::CAPACITY_LEVEL5_OFFSET[11:0]:       rdata_o = 64'(NODES5);
        lpm_regs_pkg::CAPACITY_RESULT_OFFSET[11:0]:       rdata_o = 64'(RESULTS);
        lpm_regs_pkg::ENTRY_ADDR_OFFSET[11:0]:            rdata_o = {37'd0, select_q, index_q};
        lpm_regs_pkg::ENTRY_HIGH_OFFSET[11:0]:            rdata_o = {44'd0, high_q};
        lpm_regs_pkg::DRAIN_OFFSET[11:0]:                 rdata_o = 64'(drain_q);
        lpm_regs_pkg::LATENCY_OFFSET[11:0]:               rdata_o = 64'(LATENCY);
        lpm_regs_pkg::MEMORY_CLOCKS_OFFSET[11:0]:         rdata_o = 64'(MEMORY_CLOCKS);
        lpm_regs_pkg::LOOKUPS_OFFSET[11:0]:               rdata_o = lookups_q;
        lpm_regs_pkg::UPDATE_BASE_OFFSET[11:0]:           rdata_o = {16'd0, update_base_q, 4'd0};
        lpm_regs_pkg::UPDATE_PENDING_OFFSET[11:0]:        rdata_o = 64'(pending_q);
        lpm_regs_pkg::LOOKASIDE_REQUESTS_OFFSET[11:0]:    rdata_o = {16'd0, requests_q, 6'd0};
        lpm_regs_pkg::LOOKASIDE_COMPLETIONS_OFFSET[11:0]: rdata_o = {16'd0, completions_q, 6'd0};
        lpm_regs_pkg::LOOKASIDE_ENTRIES_OFFSET[11:0]:     rdata_o = {51'd0, entries_q};
        lpm_regs_pkg::LOOKASIDE_TAIL_OFFSET[11:0]:        rdata_o = {32'd0, tail_q};
        lpm_regs_pkg::LOOKASIDE_HEAD_OFFSET[11:0]:        rdata_o = {32'd0, head_q};
        default:                                          rdata_o = 64'd0;
      endcase
    end
  end
endmodule
