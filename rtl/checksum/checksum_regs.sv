// SPDX-License-Identifier: Apache-2.0
// Registers of the checksum accelerator (regs/checksum.def). A request takes one clock: reads answer within it, writes
// take effect at its end. A write of COMMAND is handed on in the same clock, with the seed that holds at that moment.
// Unknown registers read 0 and drop writes.
module checksum_regs (
  input  logic        clk_i,
  input  logic        rst_ni,
  // register bus; addresses are bytes from the start of the window
  input  logic        req_i,
  input  logic        we_i,
  input  logic [11:0] addr_i,
  input  logic [63:0] wdata_i,
  output logic [63:0] rdata_o,
  // commands
  output logic        command_valid_o,
  output logic [47:0] command_address_o,
  output logic [15:0] command_length_o,
  output logic [15:0] command_seed_o,
  output logic        command_udp_o,
  // finished sums
  input  logic        sum_valid_i,
  input  logic [15:0] sum_i,
  input  logic [15:0] check_i,
  input  logic        good_i,
  input  logic        error_i
);
  localparam int unsigned SumLsb = checksum_regs_pkg::RESULT_SUM_LSB;
  localparam int unsigned ErrorLsb = checksum_regs_pkg::RESULT_BUS_ERROR_LSB;
  localparam int unsigned SeedUdpLsb = checksum_regs_pkg::SEED_UDP_LSB;
  localparam int unsigned CheckLsb = checksum_regs_pkg::CHECK_VALUE_LSB;
  localparam int unsigned GoodLsb = checksum_regs_pkg::CHECK_GOOD_LSB;
  localparam int unsigned UpdateUdpLsb = checksum_regs_pkg::UPDATE_CHECK_UDP_LSB;
  localparam int unsigned AddressLsb = checksum_regs_pkg::COMMAND_ADDRESS_LSB;
  localparam int unsigned LengthLsb = checksum_regs_pkg::COMMAND_LENGTH_LSB;

  logic [15:0] seed_q;
  logic [15:0] sum_q;
  logic        error_q;
  logic [15:0] check_q;
  logic        good_q;
  logic        udp_q;
  logic [31:0] update_words_q;
  logic [16:0] update_check_q;
  logic [15:0] updated;
  logic [63:0] packets_q;

  logic write;
  assign write = req_i && we_i;

  assign command_valid_o   = write && addr_i == checksum_regs_pkg::COMMAND_OFFSET[11:0];
  assign command_address_o = wdata_i[AddressLsb +: 48];
  assign command_length_o  = wdata_i[LengthLsb +: 16];
  assign command_seed_o    = seed_q;
  assign command_udp_o     = udp_q;

  checksum_incremental i_update (
    .check_i(update_check_q[15:0]), .from_i(update_words_q[15:0]), .to_i(update_words_q[31:16]),
    .udp_i(update_check_q[UpdateUdpLsb]), .check_o(updated)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      seed_q    <= checksum_regs_pkg::SEED_RESET[15:0];
      sum_q     <= checksum_regs_pkg::RESULT_SUM_RESET[15:0];
      error_q   <= checksum_regs_pkg::RESULT_BUS_ERROR_RESET[0];
      packets_q <= checksum_regs_pkg::PACKETS_RESET;
      check_q   <= checksum_regs_pkg::CHECK_VALUE_RESET[15:0];
      good_q    <= checksum_regs_pkg::CHECK_GOOD_RESET[0];
      udp_q     <= checksum_regs_pkg::SEED_UDP_RESET[0];
      update_words_q <= checksum_regs_pkg::UPDATE_WORDS_RESET[31:0];
      update_check_q <= checksum_regs_pkg::UPDATE_CHECK_RESET[16:0];
    end else begin
      if (write && addr_i == checksum_regs_pkg::SEED_OFFSET[11:0]) begin
        seed_q <= wdata_i[15:0];
        udp_q  <= wdata_i[SeedUdpLsb];
      end
      if (write && addr_i == checksum_regs_pkg::UPDATE_WORDS_OFFSET[11:0]) update_words_q <= wdata_i[31:0];
      if (write && addr_i == checksum_regs_pkg::UPDATE_CHECK_OFFSET[11:0]) update_check_q <= wdata_i[16:0];
      if (sum_valid_i) begin
        sum_q     <= sum_i;
        error_q   <= error_i;
        check_q   <= check_i;
        good_q    <= good_i;
        packets_q <= packets_q + 64'd1;
      end
    end
  end

  always_comb begin
    rdata_o = 64'd0;
    if (req_i && !we_i) begin
      case (addr_i)
        checksum_regs_pkg::ID_OFFSET[11:0]:   rdata_o = checksum_regs_pkg::ID_RESET;
        checksum_regs_pkg::SEED_OFFSET[11:0]: rdata_o = {47'd0, udp_q, seed_q};
        checksum_regs_pkg::RESULT_OFFSET[11:0]: begin
          rdata_o[SumLsb +: 16] = sum_q;
          rdata_o[ErrorLsb]     = error_q;
        end
        checksum_regs_pkg::LATENCY_OFFSET[11:0]: rdata_o = checksum_regs_pkg::LATENCY_RESET;
        checksum_regs_pkg::PACKETS_OFFSET[11:0]: rdata_o = packets_q;
        checksum_regs_pkg::CHECK_OFFSET[11:0]: begin
          rdata_o[CheckLsb +: 16] = check_q;
          rdata_o[GoodLsb]        = good_q;
        end
        checksum_regs_pkg::UPDATE_WORDS_OFFSET[11:0]: rdata_o = {32'd0, update_words_q};
        checksum_regs_pkg::UPDATE_CHECK_OFFSET[11:0]: rdata_o = {47'd0, update_check_q};
        checksum_regs_pkg::UPDATED_OFFSET[11:0]:      rdata_o = {48'd0, updated};
        default:                                 rdata_o = 64'd0;
      endcase
    end
  end
endmodule
