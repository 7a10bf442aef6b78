/*
 * Ragnatramp's native library: the border between the PowerShell module and its core.
 * Written by cbindgen from src/ffi; `cargo test --test header` fails where it is stale, and
 * `RAGNA_WRITE_HEADER=1 cargo test --test header` writes it anew.
 */

#ifndef RAGNATRAMP_H
#define RAGNATRAMP_H

#include <stddef.h>
#include <stdint.h>

/*
 Raised whenever an export, its request or its answer changes in a way that an older caller would not understand.
 */
#define RAGNA_ABI_VERSION 1

/*
 What an export returns. Numbers are never given a new meaning.
 */
enum RagnaStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   The buffer holds the answer.
   */
  RAGNA_STATUS_OK = 0,
  /*
   The buffer holds an error as JSON.
   */
  RAGNA_STATUS_ERROR = 1,
  /*
   A panic was caught; the buffer holds it as an error in JSON. The library stays usable.
   */
  RAGNA_STATUS_PANIC = 2,
  /*
   A pointer was null; there is no buffer.
   */
  RAGNA_STATUS_NULL_POINTER = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum RagnaStatus RagnaStatus;
#else
typedef int32_t RagnaStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The ABI this library speaks. A caller that speaks another one must not call anything else.
 */
uint32_t ragna_abi_version(void);

/*
 Takes an answer back. A null pointer is fine.

 # Safety
 `data` and `len` must be what one call of this library answered, given back once.
 */
void ragna_free(uint8_t *data, size_t len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RAGNATRAMP_H */
