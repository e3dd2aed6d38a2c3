// SPDX-License-Identifier: Apache-2.0
// What the modules of the checksum accelerator share.
package checksum_pkg;
  localparam int unsigned BYTES = 64;  // of a beat
  localparam int unsigned GROUPS = 8;  // partial sums of a beat, 8 bytes each
  localparam int unsigned PARTIAL_WIDTH = 18;  // of four 16-bit words
  localparam int unsigned TOTAL_WIDTH = 21;    // of eight partial sums

  // What goes along with a beat. `seed` and `odd` are the same in all beats of a sum.
  typedef struct packed {
    logic        last;
    logic        error;  // with last: the rest could not be read
    logic        odd;    // the first byte of the sum lies in an odd lane
    logic [15:0] seed;
  } control_t;
  localparam int unsigned CONTROL_WIDTH = 19;
endpackage
