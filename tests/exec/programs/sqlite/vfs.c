// SPDX-License-Identifier: Apache-2.0
// What SQLite asks of an operating system: data bases live in memory, the time stands still, randomness repeats.
#include <string.h>

#include "sqlite3.h"

enum { kPathBytes = 64 };

static int no_file(sqlite3_vfs* self, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    (void)self, (void)name, (void)flags, (void)flags_out;
    file->pMethods = 0;
    return SQLITE_CANTOPEN;
}
static int no_delete(sqlite3_vfs* self, const char* name, int sync) {
    (void)self, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE_NOENT;
}
static int no_access(sqlite3_vfs* self, const char* name, int flags, int* result) {
    (void)self, (void)name, (void)flags;
    *result = 0;
    return SQLITE_OK;
}
static int same_path(sqlite3_vfs* self, const char* name, int bytes, char* out) {
    (void)self;
    sqlite3_snprintf(bytes, out, "%s", name);
    return SQLITE_OK;
}
static int repeated_bytes(sqlite3_vfs* self, int bytes, char* out) {
    (void)self;
    for (int n = 0; n < bytes; ++n) out[n] = (char)(n * 37 + 11);
    return bytes;
}
static int no_sleep(sqlite3_vfs* self, int microseconds) {
    (void)self;
    return microseconds;
}
/// Milliseconds of the Julian day of 2026-01-02 03:04:05.
static int standing_time(sqlite3_vfs* self, sqlite3_int64* now) {
    (void)self;
    *now = 210866760000000LL + 1767323045000LL;
    return SQLITE_OK;
}

int sqlite3_os_init(void) {
    static sqlite3_vfs vfs = {.iVersion = 2,
                              .szOsFile = sizeof(sqlite3_file),
                              .mxPathname = kPathBytes,
                              .zName = "memory only",
                              .xOpen = no_file,
                              .xDelete = no_delete,
                              .xAccess = no_access,
                              .xFullPathname = same_path,
                              .xRandomness = repeated_bytes,
                              .xSleep = no_sleep,
                              .xCurrentTimeInt64 = standing_time};
    return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }
