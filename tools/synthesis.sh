#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Synthesizes the checksum unit for an ECP5 with yosys and writes the table of docs/accelerators.md between its markers.
# Exit status 1 where a latch is inferred. Takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
c=rtl/checksum m=rtl/common
stream="$c/checksum_pkg.sv $m/ones_add.sv $m/stream_register.sv $m/stream_check.sv $c/checksum_mask.sv $c/checksum_tree.sv
        $c/checksum_accumulate.sv $c/checksum_stream.sv"

# row NAME TOP PARAMETER FILES: one line of the table. ABC's delay counts LUTs, carries and 300 ps for each wire.
row() {
    local name=$1 top=$2 parameter=$3 files=$4 set=""
    [ -z "$parameter" ] || set="chparam -set $parameter $top;"
    yosys -q -l "$work/log" -p "read_verilog -sv $(echo $files); $set synth_ecp5 -abc9 -top $top
        select -assert-none t:\$dlatch t:\$_DLATCH_*; tee -o $work/stat stat" >/dev/null
    local cells delay
    cells() { awk -v cell="$1" '$1 == cell { n += $2 } END { print n + 0 }' "$work/stat"; }
    delay=$(grep -o 'Del = *[0-9.]*' "$work/log" | tail -1 | grep -o '[0-9.]*$')
    echo "| $name | $(cells LUT4) | $(cells CCU2C) | $(cells TRELLIS_FF) | $(awk '/Number of memory bits/ { print $5 }' "$work/stat") | $(awk -v ps="$delay" 'BEGIN { printf "%.2f ns, %d MHz", ps / 1000, 1e6 / ps }') |"
}

{
    echo "| top | LUT4 | carry cells | flip-flops | memory bits | longest path before routing |"
    echo "|---|---|---|---|---|---|"
    row "checksum_stream, 8 bytes" checksum_stream "BYTES 8" "$stream"
    row "checksum_stream, 64 bytes" checksum_stream "BYTES 64" "$stream"
    row checksum_incremental checksum_incremental "" "$m/ones_add.sv $c/checksum_incremental.sv"
} >"$work/table"
sed -i -e "/<!-- synthesis -->/,/<!-- end of synthesis -->/{//!d}" -e "/<!-- synthesis -->/r $work/table" docs/accelerators.md
cat "$work/table"
