// SPDX-License-Identifier: Apache-2.0
// The checksum accelerator: registers (regs/checksum.def) and adder. The memory reader in front of it takes the
// commands and delivers the beats.
module checksum_accelerator (
  input  logic         clk_i,
  input  logic         rst_ni,
  // register bus and commands, see checksum_regs
  input  logic         req_i,
  input  logic         we_i,
  input  logic [11:0]  addr_i,
  input  logic [63:0]  wdata_i,
  output logic [63:0]  rdata_o,
  output logic         command_valid_o,
  output logic [47:0]  command_address_o,
  output logic [15:0]  command_length_o,
  output logic [15:0]  command_seed_o,
  output logic         command_udp_o,
  // beats: accepted when valid_i and ready_o; the sidebands are those of checksum_pkg::control_t
  input  logic         valid_i,
  output logic         ready_o,
  input  logic [511:0] data_i,
  input  logic [63:0]  keep_i,
  input  logic         last_i,
  input  logic         error_i,
  input  logic         udp_i,
  input  logic [15:0]  start_i,
  input  logic [15:0]  seed_i,
  // sums, in order, LATENCY clocks after their last beat unless held up by ready_i
  output logic         valid_o,
  input  logic         ready_i,
  output logic [15:0]  sum_o,
  output logic [15:0]  check_o,
  output logic         good_o,
  output logic         error_o
);
  // The pipeline's depth is its structure: the list has to say the same.
  if (checksum_regs_pkg::LATENCY_RESET != 64'd4) begin : gen_latency_differs
    $error("regs/checksum.def: LATENCY is not the pipeline's 4 clocks");
  end

  checksum_regs i_regs (
    .clk_i, .rst_ni, .req_i, .we_i, .addr_i, .wdata_i, .rdata_o,
    .command_valid_o, .command_address_o, .command_length_o, .command_seed_o, .command_udp_o,
    .sum_valid_i(valid_o && ready_i), .sum_i(sum_o), .check_i(check_o), .good_i(good_o), .error_i(error_o)
  );

  checksum_stream #(.BYTES(64)) i_stream (
    .clk_i, .rst_ni,
    .valid_i, .ready_o, .data_i, .keep_i, .last_i, .error_i, .udp_i, .start_i, .seed_i,
    .valid_o, .ready_i, .sum_o, .check_o, .good_o, .error_o
  );
endmodule
