// SPDX-License-Identifier: Apache-2.0
int main(void) {
    __asm__ volatile("outb %b0, %1" ::"a"(7), "N"(0xF4));
    return 0;
}
