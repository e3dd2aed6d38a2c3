// SPDX-License-Identifier: Apache-2.0
#include "config/errno_text.h"

#include <fmt/format.h>

#include <cstdlib>

namespace turnpike::config {
namespace {

struct Entry {
    int number;
    const char* text;
};

// include/uapi/asm-generic/errno-base.h and errno.h, with glibc's texts: those that configuration can be answered with.
constexpr Entry kTexts[] = {
    {0, "Success"},
    {1, "Operation not permitted"},
    {2, "No such file or directory"},
    {3, "No such process"},
    {5, "Input/output error"},
    {6, "No such device or address"},
    {7, "Argument list too long"},
    {11, "Resource temporarily unavailable"},
    {12, "Cannot allocate memory"},
    {13, "Permission denied"},
    {14, "Bad address"},
    {16, "Device or resource busy"},
    {17, "File exists"},
    {19, "No such device"},
    {22, "Invalid argument"},
    {28, "No space left on device"},
    {34, "Numerical result out of range"},
    {36, "File name too long"},
    {38, "Function not implemented"},
    {90, "Message too long"},
    {93, "Protocol not supported"},
    {95, "Operation not supported"},
    {97, "Address family not supported by protocol"},
    {98, "Address already in use"},
    {99, "Cannot assign requested address"},
    {100, "Network is down"},
    {101, "Network is unreachable"},
    {105, "No buffer space available"},
    {110, "Connection timed out"},
    {113, "No route to host"},
};

}  // namespace

std::string errno_text(int error) {
    const int number = std::abs(error);
    for (const Entry& entry : kTexts) {
        if (entry.number == number) return entry.text;
    }
    return fmt::format("Unknown error {}", number);
}

}  // namespace turnpike::config
