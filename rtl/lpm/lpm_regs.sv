// SPDX-License-Identifier: Apache-2.0
// Registers of the longest-prefix-match accelerator (regs/lpm.def). A request takes one clock: reads answer within it,
// writes take effect at its end. Unknown registers read 0 and drop writes.
module lpm_regs (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  // register bus; addresses are bytes from the start of the window
  input  logic                            req_i,
  input  logic                            we_i,
  input  logic [11:0]                     addr_i,
  input  logic [63:0]                     wdata_i,
  output logic [63:0]                     rdata_o,
  // to and from the pipeline
  output logic                            enable_o,
  output logic [lpm_pkg::LEVELS-1:0]      write_o,
  output logic [lpm_pkg::INDEX_WIDTH-1:0] write_index_o,
  output lpm_pkg::entry_t                 write_entry_o,
  input  logic                            accepted_i
);
  localparam int unsigned EnableBit = lpm_regs_pkg::CTRL_ENABLE_LSB;
  localparam int unsigned BadAddressBit = lpm_regs_pkg::STATUS_BAD_ADDRESS_LSB;
  localparam logic [31:0] Entries0 = lpm_regs_pkg::CAPACITY_LEVEL0_RESET[31:0] * 256;
  localparam logic [31:0] Entries1 = lpm_regs_pkg::CAPACITY_LEVEL1_RESET[31:0] * 256;
  localparam logic [31:0] Entries2 = lpm_regs_pkg::CAPACITY_LEVEL2_RESET[31:0] * 256;
  localparam logic [31:0] Entries3 = lpm_regs_pkg::CAPACITY_LEVEL3_RESET[31:0] * 256;

  logic                            enable_q;
  logic                            bad_address_q;
  logic [1:0]                      level_q;
  logic [lpm_pkg::INDEX_WIDTH-1:0] index_q;
  logic [63:0]                     lookups_q;

  logic write, write_ctrl, write_status, write_addr, write_data;
  assign write        = req_i && we_i;
  assign write_ctrl   = write && addr_i == lpm_regs_pkg::CTRL_OFFSET[11:0];
  assign write_status = write && addr_i == lpm_regs_pkg::STATUS_OFFSET[11:0];
  assign write_addr   = write && addr_i == lpm_regs_pkg::ENTRY_ADDR_OFFSET[11:0];
  assign write_data   = write && addr_i == lpm_regs_pkg::ENTRY_DATA_OFFSET[11:0];

  logic in_range;
  always_comb begin
    case (level_q)
      2'd0:    in_range = 32'(index_q) < Entries0;
      2'd1:    in_range = 32'(index_q) < Entries1;
      2'd2:    in_range = 32'(index_q) < Entries2;
      default: in_range = 32'(index_q) < Entries3;
    endcase
  end

  assign enable_o      = enable_q;
  assign write_o       = (write_data && in_range) ? 4'b0001 << level_q : 4'b0000;
  assign write_index_o = index_q;
  assign write_entry_o = wdata_i[lpm_pkg::ENTRY_WIDTH-1:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_q      <= lpm_regs_pkg::CTRL_ENABLE_RESET[0];
      bad_address_q <= lpm_regs_pkg::STATUS_BAD_ADDRESS_RESET[0];
      level_q       <= lpm_regs_pkg::ENTRY_ADDR_LEVEL_RESET[1:0];
      index_q       <= lpm_regs_pkg::ENTRY_ADDR_INDEX_RESET[23:0];
      lookups_q     <= lpm_regs_pkg::LOOKUPS_RESET;
    end else begin
      if (write_ctrl) enable_q <= wdata_i[EnableBit];
      if (write_status && wdata_i[BadAddressBit]) bad_address_q <= 1'b0;
      if (write_data && !in_range) bad_address_q <= 1'b1;
      if (write_addr) {level_q, index_q} <= wdata_i[25:0];
      if (write_data) index_q <= index_q + 24'd1;
      if (accepted_i) lookups_q <= lookups_q + 64'd1;
    end
  end

  always_comb begin
    rdata_o = 64'd0;
    if (req_i && !we_i) begin
      case (addr_i)
        lpm_regs_pkg::ID_OFFSET[11:0]:         rdata_o = lpm_regs_pkg::ID_RESET;
        lpm_regs_pkg::CTRL_OFFSET[11:0]:       rdata_o[EnableBit] = enable_q;
        lpm_regs_pkg::STATUS_OFFSET[11:0]:     rdata_o[BadAddressBit] = bad_address_q;
        lpm_regs_pkg::CAPACITY_OFFSET[11:0]:   rdata_o = lpm_regs_pkg::CAPACITY_RESET;
        lpm_regs_pkg::ENTRY_ADDR_OFFSET[11:0]: rdata_o = {38'd0, level_q, index_q};
        lpm_regs_pkg::LATENCY_OFFSET[11:0]:    rdata_o = lpm_regs_pkg::LATENCY_RESET;
        lpm_regs_pkg::LOOKUPS_OFFSET[11:0]:    rdata_o = lookups_q;
        default:                               rdata_o = 64'd0;
      endcase
    end
  end

  // An entry goes to one memory at most.
  always_ff @(posedge clk_i) begin
    if (rst_ni) one_level : assert ((write_o & (write_o - 4'd1)) == 4'd0);
  end
endmodule
