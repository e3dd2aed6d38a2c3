// SPDX-License-Identifier: Apache-2.0
// Lua asks for the decimal point alone, which lua_integers.h answers.
#pragma once
