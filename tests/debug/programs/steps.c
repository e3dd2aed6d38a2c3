// SPDX-License-Identifier: Apache-2.0
// A program to be stepped through: the line numbers do not matter to the tests, the names and values do.
#include <stdio.h>

static int total;

__attribute__((noinline)) static int add(int a, int b) {
    int sum = a + b;
    total = sum;
    return sum;
}

int main(void) {
    puts("begin");
    int value = 0;
    for (int n = 1; n <= 3; ++n) value = add(value, n);
    printf("end %d\n", value);
    return value + 1;
}
