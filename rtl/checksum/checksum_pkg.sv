// SPDX-License-Identifier: Apache-2.0
// What the modules of the checksum accelerator share.
package checksum_pkg;
  // What goes along with a beat. All but `last` and `error` are the same in all beats of a packet.
  typedef struct packed {
    logic        last;
    logic        error;  // with last: the rest could not be read
    logic        udp;    // a check of 0 is sent as all ones (RFC 768)
    logic [15:0] start;  // lanes from the packet's first beat on that come before the sum's first byte
    logic [15:0] seed;
  } control_t;
  localparam int unsigned CONTROL_WIDTH = 35;

  typedef struct packed {
    logic        error;
    logic        good;   // receive: the sum over data and checksum is all ones
    logic [15:0] check;  // transmit: what to write into the checksum's field, summed as 0
    logic [15:0] sum;
  } result_t;
  localparam int unsigned RESULT_WIDTH = 34;
endpackage
