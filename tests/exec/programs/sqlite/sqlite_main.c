// SPDX-License-Identifier: Apache-2.0
// SQLite on a data base in memory: the statements of script.sql, each with what it answers.
#include <stdio.h>
#include <string.h>

#include "sqlite3.h"

extern const char script_begin[];
__asm__(
    ".pushsection .rodata\n"
    "script_begin: .incbin \"" PROGRAM_FOLDER
    "/script.sql\"\n"
    ".byte 0\n"
    ".popsection\n");

static void print_row(sqlite3_stmt* statement) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        const char* text = (const char*)sqlite3_column_text(statement, column);
        printf("%s%s", column ? "|" : "", text ? text : "NULL");
    }
    printf("\n");
}

/// Errors are printed like rows: the script makes some on purpose.
static const char* run_one(sqlite3* base, const char* sql) {
    const char* rest = sql;
    sqlite3_stmt* statement = 0;
    int result = sqlite3_prepare_v2(base, sql, -1, &statement, &rest);
    if (result == SQLITE_OK) {
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) print_row(statement);
        result = sqlite3_finalize(statement);
    }
    if (result != SQLITE_OK) printf("error %d: %s\n", result, sqlite3_errmsg(base));
    // A statement that does not parse ends at its semicolon all the same.
    if (rest == sql) rest = strchr(sql, ';') + 1;
    while (*rest == '\n' || *rest == ' ') ++rest;
    return rest;
}

int main(void) {
    sqlite3* base = 0;
    printf("SQLite %s\n", sqlite3_libversion());
    if (sqlite3_open(":memory:", &base) != SQLITE_OK) return 1;
    for (const char* sql = script_begin; *sql;) sql = run_one(base, sql);
    printf("%d changes\n", sqlite3_total_changes(base));
    return sqlite3_close(base) != SQLITE_OK;
}
