// SPDX-License-Identifier: Apache-2.0
// Runs until a debugger sets `go`.
static volatile int go;
static volatile unsigned long spins;

int main(void) {
    while (!go) ++spins;
    return 9;
}
