// SPDX-License-Identifier: Apache-2.0
// What the modules of the longest-prefix-match accelerator share.
package lpm_pkg;
  localparam int unsigned MEMORIES = 7;  // root, levels 1 to 5, results
  localparam int unsigned TAG_WIDTH = 8;
  localparam int unsigned ROOT_STRIDE = 13;
  localparam int unsigned ROOT_WORDS = 8192;
  // Address bits that the levels look at: four each, three the last.
  localparam int unsigned BITS_WIDTH = 19;
  // Fields of regs/lpm.def, whose pointers one bit more lets a rank be added to.
  localparam int unsigned INDEX_WIDTH = 24;
  localparam int unsigned HIGH_WIDTH = 20;
  localparam int unsigned DATA_WIDTH = 53;
  localparam int unsigned INTERNAL_WIDTH = 15;
  localparam int unsigned EXTERNAL_WIDTH = 16;
  localparam int unsigned NODE_WIDTH = 21;
  localparam int unsigned VALUE_WIDTH = 22;
  // Lookups accepted and not answered yet: the answer queue holds them all, so that the pipeline never waits.
  localparam int unsigned IN_FLIGHT = 32;

  // A lookup on its way. `bits` are those of the address that the levels look at, in a ring: the next one highest.
  typedef struct packed {
    logic [TAG_WIDTH-1:0]   tag;
    logic [BITS_WIDTH-1:0]  bits;
    logic                   live;   // `node` of the next level is to be read
    logic                   hit;    // `value` is a word of RESULT, else an answer
    logic                   bad;    // met a pointer beyond its memory
    logic [NODE_WIDTH-1:0]  node;
    logic [VALUE_WIDTH-1:0] value;
  } lookup_t;
  localparam int unsigned LOOKUP_WIDTH = TAG_WIDTH + BITS_WIDTH + 3 + NODE_WIDTH + VALUE_WIDTH;

  // The low part of a word of a level, ENTRY_DATA of regs/lpm.def.
  typedef struct packed {
    logic [EXTERNAL_WIDTH-1:0] external;
    logic [VALUE_WIDTH-2:0]    results;
    logic                      uniform;
    logic [INTERNAL_WIDTH-1:0] internal;
  } node_t;

  // A word to be written: ENTRY_ADDR, ENTRY_HIGH and ENTRY_DATA.
  typedef struct packed {
    logic [2:0]             select;
    logic [INDEX_WIDTH-1:0] index;
    logic [HIGH_WIDTH-1:0]  high;
    logic [DATA_WIDTH-1:0]  data;
  } word_t;
endpackage
