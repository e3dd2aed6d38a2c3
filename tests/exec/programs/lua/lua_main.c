// SPDX-License-Identifier: Apache-2.0
// The Lua interpreter with the parts of its library that need neither files nor fractions; the script is linked in.
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

extern const char script_begin[], script_end[];
__asm__(
    ".pushsection .rodata\n"
    "script_begin: .incbin \"" PROGRAM_FOLDER
    "/script.lua\"\n"
    "script_end: .byte 0\n"
    ".popsection\n");

static void* allocate(void* unused, void* block, size_t old_bytes, size_t bytes) {
    (void)unused;
    (void)old_bytes;
    if (bytes) return realloc(block, bytes);
    free(block);
    return 0;
}

int main(void) {
    static const luaL_Reg libraries[] = {{"_G", luaopen_base},
                                         {"coroutine", luaopen_coroutine},
                                         {"table", luaopen_table},
                                         {"string", luaopen_string},
                                         {"utf8", luaopen_utf8}};
    lua_State* lua = lua_newstate(allocate, 0);
    if (!lua) return 2;
    for (unsigned n = 0; n < sizeof libraries / sizeof *libraries; ++n) {
        luaL_requiref(lua, libraries[n].name, libraries[n].func, 1);
        lua_pop(lua, 1);
    }
    int failed = luaL_loadbufferx(lua, script_begin, (size_t)(script_end - script_begin), "=script", "t") ||
                 lua_pcall(lua, 0, 0, 0);
    if (failed) printf("%s\n", lua_tostring(lua, -1));
    lua_close(lua);
    return failed;
}
