// SPDX-License-Identifier: Apache-2.0
// mbed TLS checks itself against vectors of FIPS 180 and 197, SP 800-38, RFC 1321, 2104, 5869, 7539, 7748 and others.
#include <stdio.h>
#include <string.h>

#include "mbedtls/aes.h"
#include "mbedtls/arc4.h"
#include "mbedtls/aria.h"
#include "mbedtls/base64.h"
#include "mbedtls/bignum.h"
#include "mbedtls/camellia.h"
#include "mbedtls/ccm.h"
#include "mbedtls/chacha20.h"
#include "mbedtls/chachapoly.h"
#include "mbedtls/cmac.h"
#include "mbedtls/ctr_drbg.h"
#include "mbedtls/des.h"
#include "mbedtls/ecp.h"
#include "mbedtls/gcm.h"
#include "mbedtls/hkdf.h"
#include "mbedtls/hmac_drbg.h"
#include "mbedtls/md5.h"
#include "mbedtls/nist_kw.h"
#include "mbedtls/pkcs5.h"
#include "mbedtls/poly1305.h"
#include "mbedtls/ripemd160.h"
#include "mbedtls/sha1.h"
#include "mbedtls/sha256.h"
#include "mbedtls/sha512.h"
#include "mbedtls/xtea.h"

struct Check {
    const char* name;
    int (*run)(int verbose);
};

static const struct Check checks[] = {
    {"md5", mbedtls_md5_self_test},           {"ripemd160", mbedtls_ripemd160_self_test},
    {"arc4", mbedtls_arc4_self_test},         {"des", mbedtls_des_self_test},
    {"aria", mbedtls_aria_self_test},         {"camellia", mbedtls_camellia_self_test},
    {"xtea", mbedtls_xtea_self_test},         {"gcm", mbedtls_gcm_self_test},
    {"ccm", mbedtls_ccm_self_test},           {"cmac", mbedtls_cmac_self_test},
    {"nist_kw", mbedtls_nist_kw_self_test},   {"chacha20", mbedtls_chacha20_self_test},
    {"poly1305", mbedtls_poly1305_self_test}, {"chachapoly", mbedtls_chachapoly_self_test},
    {"base64", mbedtls_base64_self_test},     {"mpi", mbedtls_mpi_self_test},
    {"ctr_drbg", mbedtls_ctr_drbg_self_test}, {"hmac_drbg", mbedtls_hmac_drbg_self_test},
};

/// One vector: its bytes are printed and compared with the published ones.
static int check(const char* name, const unsigned char* bytes, const char* expected) {
    char text[2 * MBEDTLS_MD_MAX_SIZE + 1];
    const unsigned count = (unsigned)strlen(expected) / 2;
    for (unsigned n = 0; n < count; ++n) snprintf(text + 2 * n, 3, "%02x", bytes[n]);
    const int same = strcmp(text, expected) == 0;
    printf("%s %s: %s\n", name, text, same ? "passed" : "FAILED");
    return !same;
}

static void count_up(unsigned char* bytes, unsigned count, unsigned step) {
    for (unsigned n = 0; n < count; ++n) bytes[n] = (unsigned char)(n * step);
}

/// FIPS 180, "abc"; their own tests hash a million letters.
static int hashes(void) {
    const unsigned char* abc = (const unsigned char*)"abc";
    unsigned char out[MBEDTLS_MD_MAX_SIZE];
    int failed = mbedtls_sha1_ret(abc, 3, out);
    failed += check("sha1", out, "a9993e364706816aba3e25717850c26c9cd0d89d");
    failed += mbedtls_sha256_ret(abc, 3, out, 0);
    failed += check("sha256", out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    failed += mbedtls_sha512_ret(abc, 3, out, 0);
    failed += check("sha512", out,
                    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    return failed;
}

/// FIPS 197, appendix C; the library's own test goes ten thousand rounds for each mode.
static int aes(void) {
    static const char* const expected[] = {"69c4e0d86a7b0430d8cdb78070b4c55a", "dda97ca4864cdfe06eaf70a0ec0d7191",
                                           "8ea2b7ca516745bfeafc49904b496089"};
    unsigned char key[32], plain[16], out[16];
    int failed = 0;
    count_up(key, sizeof key, 1);
    count_up(plain, sizeof plain, 0x11);
    for (unsigned n = 0; n < 3; ++n) {
        mbedtls_aes_context aes;
        mbedtls_aes_init(&aes);
        failed += mbedtls_aes_setkey_enc(&aes, key, 128 + 64 * n);
        failed += mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, plain, out);
        failed += check("aes", out, expected[n]);
        failed += mbedtls_aes_setkey_dec(&aes, key, 128 + 64 * n);
        failed += mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_DECRYPT, out, out);
        failed += check("aes back", out, "00112233445566778899aabbccddeeff");
        mbedtls_aes_free(&aes);
    }
    return failed;
}

/// RFC 5869 A.1, RFC 6070 cases 1 and 2.
static int derived_keys(void) {
    unsigned char key[22], salt[13], info[10], out[42];
    memset(key, 0x0b, sizeof key);
    count_up(salt, sizeof salt, 1);
    for (unsigned n = 0; n < sizeof info; ++n) info[n] = (unsigned char)(0xf0 + n);
    int failed = mbedtls_hkdf(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), salt, sizeof salt, key, sizeof key, info,
                              sizeof info, out, sizeof out);
    failed +=
        check("hkdf", out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    mbedtls_md_context_t md;
    mbedtls_md_init(&md);
    failed += mbedtls_md_setup(&md, mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), 1);
    const unsigned char *password = (const unsigned char*)"password", *grain = (const unsigned char*)"salt";
    failed += mbedtls_pkcs5_pbkdf2_hmac(&md, password, 8, grain, 4, 1, 20, out);
    failed += check("pbkdf2", out, "0c60c80f961f0e71f3a9b524af6012062fe037a6");
    failed += mbedtls_pkcs5_pbkdf2_hmac(&md, password, 8, grain, 4, 2, 20, out);
    failed += check("pbkdf2", out, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    mbedtls_md_free(&md);
    return failed;
}

static int next_byte(void* state, unsigned char* out, size_t bytes) {
    for (size_t n = 0; n < bytes; ++n)
        out[n] = (unsigned char)((*(unsigned*)state = *(unsigned*)state * 69069 + 1) >> 16);
    return 0;
}

/// A point times a scalar, both as text; the coordinate x of the product, little end first as RFC 7748 has it or big
/// end first as SP 800-186 and its vectors.
static int product(const char* name, mbedtls_ecp_group_id curve, const char* scalar, const char* expected) {
    unsigned state = 42;
    unsigned char out[32];
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_mpi by;
    mbedtls_ecp_group_init(&group);
    mbedtls_ecp_point_init(&point);
    mbedtls_mpi_init(&by);
    int failed = mbedtls_ecp_group_load(&group, curve) || mbedtls_mpi_read_string(&by, 16, scalar);
    failed += mbedtls_ecp_mul(&group, &point, &by, &group.G, next_byte, &state) != 0;
    failed += mbedtls_mpi_write_binary(&point.X, out, sizeof out) != 0;
    failed += check(name, out, expected);
    mbedtls_mpi_free(&by);
    mbedtls_ecp_point_free(&point);
    mbedtls_ecp_group_free(&group);
    return failed;
}

/// RFC 7748 6.1 (Alice's keys, big end first and clamped) and RFC 6979 A.2.5.
static int curves(void) {
    return product("curve25519", MBEDTLS_ECP_DP_CURVE25519,
                   "6a2cb91da5fb77b12a99c0eb872f4cdf4566b25172c1163c7da518730a6d0770",
                   "6a4e9baa8ea9a4ebf41a38260d3abf0d5af73eb4dc7d8b7454a7308909f02085") +
           product("secp256r1", MBEDTLS_ECP_DP_SECP256R1,
                   "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
                   "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
}

int main(void) {
    int failed = hashes() + aes() + derived_keys() + curves();
    for (unsigned n = 0; n < sizeof checks / sizeof *checks; ++n) {
        const int result = checks[n].run(1);
        printf("%s: %s\n", checks[n].name, result ? "FAILED" : "passed");
        failed += result != 0;
    }
    return failed;
}
