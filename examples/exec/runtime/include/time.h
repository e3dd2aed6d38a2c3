// SPDX-License-Identifier: Apache-2.0
// The calendar; the machine has no clock that tells the time of day.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef long time_t;
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
    long tm_gmtoff;
    const char* tm_zone;
};
struct tm* gmtime(const time_t* seconds);
/// %Y %m %d %H %M %S %j %%
size_t strftime(char* text, size_t bytes, const char* format, const struct tm* when);
#ifdef __cplusplus
}
#endif
