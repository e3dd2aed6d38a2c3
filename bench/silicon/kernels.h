// SPDX-License-Identifier: Apache-2.0
// The kernels of tests/data/kernels on this machine's processor.
#pragma once
#include <string>
#include <vector>

#include "bench/silicon/layout.h"

namespace turnpike::silicon {

struct KernelFigure {
    std::string name;
    u64 operations = 0;
    double cycles_per_operation = 0;  ///< median of the runs
    double spread = 0;                ///< between the lowest and the highest run, by the median
    u64 digest = 0;                   ///< of the third call
};

/// One run of a kernel: two calls to warm up, then `repetitions` with a chain of additions before and behind each; its
/// figure is the one that a twentieth of them stays below.
KernelFigure measure_kernel(int kernel, unsigned runs, unsigned repetitions);
unsigned kernels();

/// kernel,ops,cycles_per_op,spread,digest
std::string kernel_header();
std::string kernel_line(const KernelFigure& figure);

}  // namespace turnpike::silicon
