# SPDX-License-Identifier: Apache-2.0
# The runtime itself, then which of a source package's files make a program, and how they are told that there is no
# floating point.
exec_source_program(runtime)

exec_source_package(zlib zlib)
if(zlib)
  set(files adler32 crc32 deflate inffast inflate inftrees trees zutil)
  list(TRANSFORM files REPLACE "(.+)" "${zlib}/\\1.c")
  exec_source_program(zlib SOURCES ${files} OPTIONS -DZ_SOLO -DNO_GZIP "-I${zlib}")
endif()

exec_source_package(mbedtls mbedtls)
if(mbedtls)
  set(files aes arc4 aria asn1parse asn1write base64 bignum camellia ccm chacha20 chachapoly cipher cipher_wrap cmac
      constant_time ctr_drbg des ecp ecp_curves gcm hkdf hmac_drbg md md5 nist_kw oid pkcs5 platform platform_util
      poly1305 ripemd160 sha1 sha256 sha512 xtea)
  list(TRANSFORM files REPLACE "(.+)" "${mbedtls}/library/\\1.c")
  exec_source_program(mbedtls SOURCES ${files}
                      OPTIONS "-I${mbedtls}/include" "-DMBEDTLS_CONFIG_FILE=\"self_test_config.h\"")
endif()

exec_source_package(lua5.4 lua)
if(lua)
  set(files lapi lauxlib lbaselib lcode lcorolib lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser
      lstate lstring lstrlib ltable ltablib ltm lundump lutf8lib lvm lzio)
  list(TRANSFORM files REPLACE "(.+)" "${lua}/src/\\1.c")
  exec_source_program(lua SOURCES ${files}
                      OPTIONS "-I${lua}/src" -include lua_integers.h)
endif()

# SQLite as one file, which the source package of Perl's driver brings. SQLITE_OMIT_FLOATING_POINT makes its double an
# integer; a few constants that are left (0.0) become integers here.
exec_source_package(libdbd-sqlite3-perl sqlite)
if(sqlite)
  set(whole "${CMAKE_CURRENT_BINARY_DIR}/sources/sqlite3_integers.c")
  execute_process(COMMAND sed -E "s/([=<>*+( -])([0-9]+)\\.0([^0-9.e]|$)/\\1\\2\\3/g" "${sqlite}/sqlite3.c"
                  OUTPUT_FILE "${whole}.new" COMMAND_ERROR_IS_FATAL ANY)
  file(COPY_FILE "${whole}.new" "${whole}" ONLY_IF_DIFFERENT)
  set(omit DATETIME_FUNCS DEPRECATED FLOATING_POINT LOAD_EXTENSION LOCALTIME SHARED_CACHE UTF16 WAL)
  list(TRANSFORM omit PREPEND -DSQLITE_OMIT_)
  exec_source_program(sqlite SOURCES "${whole}"
                      OPTIONS "-I${sqlite}" ${omit} -DSQLITE_OS_OTHER=1 -DSQLITE_THREADSAFE=0 -DSQLITE_TEMP_STORE=3
                              -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_UNTESTABLE)
endif()
