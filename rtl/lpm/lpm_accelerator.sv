// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match accelerator: registers (regs/lpm.def) and lookup pipeline.
module lpm_accelerator (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  // register bus, see lpm_regs
  input  logic                          req_i,
  input  logic                          we_i,
  input  logic [11:0]                   addr_i,
  input  logic [63:0]                   wdata_i,
  output logic [63:0]                   rdata_o,
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
  // The pipeline's depth is its structure: the list has to say the same.
  if (lpm_regs_pkg::LATENCY_RESET != 64'd6) begin : gen_latency_differs
    $error("regs/lpm.def: LATENCY is not the pipeline's 6 clocks");
  end

  logic                            enable;
  logic [lpm_pkg::LEVELS-1:0]      write;
  logic [lpm_pkg::INDEX_WIDTH-1:0] write_index;
  lpm_pkg::entry_t                 write_entry;

  lpm_regs i_regs (
    .clk_i, .rst_ni, .req_i, .we_i, .addr_i, .wdata_i, .rdata_o,
    .enable_o(enable), .write_o(write), .write_index_o(write_index), .write_entry_o(write_entry),
    .accepted_i(valid_i && ready_o)
  );

  lpm_pipeline #(
    .NODES0(lpm_regs_pkg::CAPACITY_LEVEL0_RESET[31:0]),
    .NODES1(lpm_regs_pkg::CAPACITY_LEVEL1_RESET[31:0]),
    .NODES2(lpm_regs_pkg::CAPACITY_LEVEL2_RESET[31:0]),
    .NODES3(lpm_regs_pkg::CAPACITY_LEVEL3_RESET[31:0])
  ) i_pipeline (
    .clk_i, .rst_ni, .enable_i(enable),
    .write_i(write), .write_index_i(write_index), .write_entry_i(write_entry),
    .valid_i, .ready_o, .address_i, .tag_i,
    .valid_o, .ready_i, .index_o, .tag_o
  );

  stream_check #(.WIDTH(32 + lpm_pkg::TAG_WIDTH)) i_check_lookups (
    .clk_i, .rst_ni, .valid_i, .ready_i(ready_o), .data_i({address_i, tag_i})
  );
  stream_check #(.WIDTH(16 + lpm_pkg::TAG_WIDTH)) i_check_answers (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i, .data_i({index_o, tag_o})
  );
endmodule
