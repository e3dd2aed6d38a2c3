// SPDX-License-Identifier: Apache-2.0
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
/// The name by which Linux's C library finds its own.
int* __errno_location(void);
#ifdef __cplusplus
}
#endif
#define errno (*__errno_location())
#define ENOMEM 12
#define EINVAL 22
#define EDOM 33
#define ERANGE 34
