#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Synthesizes both accelerators for an ECP5 with yosys and writes the table of docs/accelerators.md between its markers.
# Exit status 1 where a latch is inferred. Takes about two minutes. Needs the built SystemVerilog packages of the registers
# (build/release/regs/sv). `tools/synthesis.sh FILE TOP` only checks one module for latches.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
c=rtl/checksum m=rtl/common
stream="$c/checksum_pkg.sv $m/ones_add.sv $m/stream_register.sv $m/stream_check.sv $c/checksum_mask.sv $c/checksum_tree.sv
        $c/checksum_accumulate.sv $c/checksum_stream.sv"

regs=build/release/regs/sv
checksum="$regs/checksum_regs_pkg.sv $stream $c/checksum_incremental.sv $c/checksum_regs.sv $c/checksum_accelerator.sv"
l=rtl/lpm
lpm="$regs/address_map_pkg.sv $regs/lpm_regs_pkg.sv $l/lpm_pkg.sv $m/delay_line.sv $m/valid_line.sv $m/ram_1r1w.sv
     $m/stream_check.sv $m/stream_fifo.sv $l/lpm_rank.sv $l/lpm_decode.sv $l/lpm_root.sv $l/lpm_level.sv $l/lpm_result.sv
     $l/lpm_pipeline.sv $l/lpm_place.sv $l/lpm_regs.sv $l/lpm_accelerator.sv"

# no_latch TOP FILES: before cells of the part stand for them, among which a latch is a loop of LUTs.
no_latch() {
    yosys -q -p "read_verilog -sv $(echo $2); hierarchy -check -top $1; proc
        select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr" >"$work/latches" 2>&1 ||
        { echo "$1: a latch, or yosys does not read it:" >&2; cat "$work/latches" >&2; exit 1; }
}
if [ $# = 2 ]; then
    no_latch "$2" "$1"
    exit
fi
[ -f "$regs/lpm_regs_pkg.sv" ] || { echo "$0: $regs is not there: build first" >&2; exit 2; }

# row NAME TOP PARAMETER FILES: one line of the table. Memories of rtl/common/ram_1r1w stay boxes: they are the part's. ABC's delay counts LUTs, carries and 300 ps for each wire.
row() {
    local name=$1 top=$2 parameter=$3 files=$4 set=""
    no_latch "$top" "$files"
    [ -z "$parameter" ] || set="chparam -set $parameter $top;"
    local boxes=""
    [[ $files != *ram_1r1w* ]] || boxes="blackbox ram_1r1w;"
    yosys -q -l "$work/log" -p "read_verilog -sv $(echo $files); $set $boxes synth_ecp5 -abc9 -top $top
        tee -o $work/stat stat; dump -o $work/boxes t:ram_1r1w" >/dev/null 2>&1
    local cells bits delay
    cells() { awk -v cell="$1" '$1 == cell { n += $2 } END { print n + 0 }' "$work/stat"; }
    bits=$(sed 's/parameter signed/parameter/' "$work/boxes" | awk '$2 == "\\WIDTH" { width = $3 } $2 == "\\DEPTH" { depth = $3 }
        $1 == "cell" || $1 == "end" { n += width * depth; width = depth = 0 } END { printf "%d", n }')
    delay=$(grep -o 'Del = *[0-9.]*' "$work/log" | tail -1 | grep -o '[0-9.]*$')
    echo "| $name | $(cells LUT4) | $(cells CCU2C) | $(cells TRELLIS_FF) | $(cells TRELLIS_DPR16X4) | $bits | $(awk -v ps="$delay" 'BEGIN { printf "%.2f ns, %d MHz", ps / 1000, 1e6 / ps }') |"
}

{
    echo "| top | LUT4 | carry cells | flip-flops | LUT RAMs, 16 x 4 | memory bits | longest path before routing |"
    echo "|---|---|---|---|---|---|---|"
    row "checksum_stream, 8 bytes" checksum_stream "BYTES 8" "$stream"
    row "checksum_stream, 64 bytes" checksum_stream "BYTES 64" "$stream"
    row checksum_incremental checksum_incremental "" "$m/ones_add.sv $c/checksum_incremental.sv"
    row checksum_accelerator checksum_accelerator "" "$checksum"
    row "lpm_level, 98,304 nodes" lpm_level "NODES 98304 -set CHILDREN 417792" "$lpm"
    row "lpm_accelerator, as in regs/lpm.def" lpm_accelerator "" "$lpm"
} >"$work/table"
sed -i -e "/<!-- synthesis -->/,/<!-- end of synthesis -->/{//!d}" -e "/<!-- synthesis -->/r $work/table" docs/accelerators.md
cat "$work/table"
