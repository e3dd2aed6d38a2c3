// SPDX-License-Identifier: Apache-2.0
// Linux's error numbers (include/uapi/asm-generic/errno*.h), as the host reports them back to the user. Functions
// return -err::…; the usual names are macros wherever a C library is near.
#pragma once

namespace fw::err {

enum : int {
    perm = 1,
    noent = 2,
    srch = 3,
    io = 5,
    badf = 9,
    again = 11,
    nomem = 12,
    acces = 13,
    fault = 14,
    busy = 16,
    exist = 17,
    nodev = 19,
    inval = 22,
    mfile = 24,
    nospc = 28,
    pipe = 32,
    nosys = 38,
    nonet = 64,
    proto = 71,
    notsock = 88,
    destaddrreq = 89,
    msgsize = 90,
    noprotoopt = 92,
    protonosupport = 93,
    opnotsupp = 95,
    afnosupport = 97,
    addrinuse = 98,
    addrnotavail = 99,
    netdown = 100,
    netunreach = 101,
    connreset = 104,
    nobufs = 105,
    notconn = 107,
    timedout = 110,
    connrefused = 111,
    hostdown = 112,
    hostunreach = 113,
};

}  // namespace fw::err
