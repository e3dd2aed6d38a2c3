#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to the first packets: installs what is missing, builds, runs scenarios/first-packet.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install.sh build
tools/build.sh release turnpike turnpike_firmware
build/release/turnpike run scenarios/first-packet
echo "frames sent: scenarios/first-packet/out/eth0.pcap, eth1.pcap; all numbers: out/stats.json"
