# SPDX-License-Identifier: Apache-2.0
# gdb -x examples/gdb/.gdbinit build/firmware.elf, from the root of the repository, with
# turnpike run DIR --gdb 1234 waiting.
set confirm off
set pagination off
set print pretty on
# The firmware is built with paths relative to the root.
directory .

define tp-connect
  target remote 127.0.0.1:1234
end
document tp-connect
Connects to the run that waits on port 1234.
end

define tp-frame
  x/64xb $arg0->data
  print *$arg0
end
document tp-frame
tp-frame SKB: the first 64 bytes of a packet, from its present header on, and its sk_buff.
end

define tp-forward
  break ip_forward
  continue
  tp-frame skb
end
document tp-forward
Stops at the next packet that is forwarded and shows it.
end

define tp-where
  monitor time
  backtrace
end
document tp-where
Simulated time and the call stack.
end
