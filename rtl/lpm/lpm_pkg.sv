// SPDX-License-Identifier: Apache-2.0
// What the modules of the longest-prefix-match accelerator share.
package lpm_pkg;
  localparam int unsigned LEVELS = 4;
  localparam int unsigned TAG_WIDTH = 8;
  localparam int unsigned INDEX_WIDTH = 24;
  localparam int unsigned ENTRY_WIDTH = 17;

  // An entry of a node: ENTRY_DATA of regs/lpm.def.
  typedef struct packed {
    logic        child;
    logic [15:0] value;
  } entry_t;

  // A lookup on its way. `bytes` are the address bytes that are not used up yet, the next one highest; `value` is the
  // node of the next level, or the answer once `done`.
  typedef struct packed {
    logic [TAG_WIDTH-1:0] tag;
    logic [31:0]          bytes;
    logic                 done;
    logic [15:0]          value;
  } lookup_t;
  localparam int unsigned LOOKUP_WIDTH = TAG_WIDTH + 32 + 1 + 16;
endpackage
