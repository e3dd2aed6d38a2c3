// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { kFirstYear = 1970, kFirstWeekday = 4, kTmYear = 1900, kDaySeconds = 86400 };

static int is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int month_days(int month, int year) {
    static const char days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && is_leap(year));
}

struct tm* gmtime(const time_t* seconds) {
    static struct tm out;
    long day = *seconds / kDaySeconds, second = *seconds % kDaySeconds;
    if (second < 0) --day, second += kDaySeconds;
    memset(&out, 0, sizeof out);
    out.tm_hour = (int)(second / 3600);
    out.tm_min = (int)(second / 60 % 60);
    out.tm_sec = (int)(second % 60);
    out.tm_wday = (int)(((day + kFirstWeekday) % 7 + 7) % 7);
    int year = kFirstYear;
    while (day < 0) day += 365 + is_leap(--year);
    for (; day >= 365 + is_leap(year); ++year) day -= 365 + is_leap(year);
    out.tm_yday = (int)day;
    for (; day >= month_days(out.tm_mon, year); ++out.tm_mon) day -= month_days(out.tm_mon, year);
    out.tm_mday = (int)day + 1;
    out.tm_year = year - kTmYear;
    return &out;
}

static void put_field(char field, const struct tm* when, char* text, size_t bytes) {
    switch (field) {
        case 'Y':
            snprintf(text, bytes, "%d", when->tm_year + kTmYear);
            return;
        case 'm':
            snprintf(text, bytes, "%02d", when->tm_mon + 1);
            return;
        case 'd':
            snprintf(text, bytes, "%02d", when->tm_mday);
            return;
        case 'H':
            snprintf(text, bytes, "%02d", when->tm_hour);
            return;
        case 'M':
            snprintf(text, bytes, "%02d", when->tm_min);
            return;
        case 'S':
            snprintf(text, bytes, "%02d", when->tm_sec);
            return;
        case 'j':
            snprintf(text, bytes, "%03d", when->tm_yday + 1);
            return;
        default:
            snprintf(text, bytes, "%c", field);
    }
}

size_t strftime(char* text, size_t bytes, const char* format, const struct tm* when) {
    size_t used = 0;
    for (; *format; ++format) {
        char part[16] = {*format, 0};
        if (*format == '%' && format[1]) put_field(*++format, when, part, sizeof part);
        const size_t length = strlen(part);
        if (used + length >= bytes) return 0;
        memcpy(text + used, part, length + 1);
        used += length;
    }
    if (used < bytes) text[used] = 0;
    return used;
}
