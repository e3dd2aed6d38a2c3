// SPDX-License-Identifier: Apache-2.0
// One level of the trie: reads the entry that the next address byte selects in the lookup's node. One clock.
module lpm_stage #(
  parameter int unsigned NODES = 256,
  parameter int unsigned ENTRIES = NODES * 256,
  parameter int unsigned ENTRY_ADDR_WIDTH = $clog2(ENTRIES)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  // entries written by software
  input  logic                              write_i,
  input  logic [ENTRY_ADDR_WIDTH-1:0]       write_index_i,
  input  lpm_pkg::entry_t                   write_entry_i,
  // lookups
  input  logic                              valid_i,
  output logic                              ready_o,
  input  lpm_pkg::lookup_t                  lookup_i,
  output logic                              valid_o,
  input  logic                              ready_i,
  output lpm_pkg::lookup_t                  lookup_o
);
  localparam logic [15:0] Miss = address_map_pkg::LPM_MISS[15:0];

  lpm_pkg::lookup_t lookup_d, lookup_q;
  lpm_pkg::entry_t  entry;
  logic             taken;

  assign taken = valid_i && ready_o;

  // A node that the level does not have ends the search.
  always_comb begin
    lookup_d = lookup_i;
    lookup_d.bytes = {lookup_i.bytes[23:0], 8'h00};
    if (!lookup_i.done && 32'(lookup_i.value) >= NODES) begin
      lookup_d.done  = 1'b1;
      lookup_d.value = Miss;
    end
  end

  stream_register #(.WIDTH(lpm_pkg::LOOKUP_WIDTH)) i_register (
    .clk_i, .rst_ni,
    .valid_i, .ready_o, .data_i(lookup_d),
    .valid_o, .ready_i, .data_o(lookup_q)
  );

  /* verilator lint_off UNUSEDSIGNAL */  // a node that the level has needs no more bits
  logic [23:0] read_index;
  /* verilator lint_on UNUSEDSIGNAL */
  assign read_index = {lookup_i.value, lookup_i.bytes[31:24]};

  ram_1r1w #(.WIDTH(lpm_pkg::ENTRY_WIDTH), .DEPTH(ENTRIES)) i_entries (
    .clk_i,
    .write_i, .write_addr_i(write_index_i), .write_data_i(write_entry_i),
    .read_i(taken), .read_addr_i(read_index[ENTRY_ADDR_WIDTH-1:0]), .read_data_o(entry)
  );

  always_comb begin
    lookup_o = lookup_q;
    if (!lookup_q.done) begin
      lookup_o.done  = !entry.child;
      lookup_o.value = entry.value;
    end
  end
endmodule
