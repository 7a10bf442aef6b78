/*
 * Ragnatramp's native library: the border between the PowerShell module and its core.
 * Written by cbindgen from src/ffi; `cargo test --test it header` fails where it is stale, and
 * `RAGNA_WRITE_HEADER=1 cargo test --test it header` writes it anew.
 */

#ifndef RAGNATRAMP_H
#define RAGNATRAMP_H

#include <stddef.h>
#include <stdint.h>

/*
 The largest config that is read, in bytes.
 */
#define MAX_BYTES (16 << 20)

/*
 Raised whenever an export, its request or its answer changes in a way that an older caller would not understand.
 */
#define RAGNA_ABI_VERSION 2

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

/*
 Parses, checks and resolves a config file.

 {path} → the config: {project, machines, artifactPath, autoStart, configPath, configHash}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_config_parse(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 The same, and what a person should know of a sound config.

 {path} → {config, warnings}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_config_test(const uint8_t *request,
                              size_t request_len,
                              uint8_t **data,
                              size_t *len);

/*
 Reads the state that belongs to a config.

 {config} → {path, state (JSON text), machineNames, vmIds}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_state_read(const uint8_t *request,
                             size_t request_len,
                             uint8_t **data,
                             size_t *len);

/*
 Records what a plan learned: reads the state again under its lock, merges, and saves it whole.

 {config, plan, wait: {bound, waited} (seconds)} → {written, warnings, waiting}; with `waiting` (who holds the state,
 after a second) nothing is written yet, and the call is to be made again

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_state_record(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Restores a damaged state from its backup, or only says what would be done.

 {path, dryRun} → {outcome, operation}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_state_repair(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Takes one more look at Hyper-V into what the run has seen, and says who is still awaited.

 {config, state, previous, look, exchange, clock} →
 {look (JSON text), awaited (Ids of VMs), done, askNeighbours, progress, percent}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_discover(const uint8_t *request,
                           size_t request_len,
                           uint8_t **data,
                           size_t *len);

/*
 Decides a whole reconcile from what was seen against what was known; nothing is written.

 {config, state, look, options} → {plan (JSON text), proceed, targets, hostsBlock, recordOperation, writeOperation}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_diff(const uint8_t *request,
                       size_t request_len,
                       uint8_t **data,
                       size_t *len);

/*
 Renders the managed block of a hosts file.

 {peers: [{name, ipv4}]} → the block as a JSON string

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_hosts_render(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Says for each guest which door reaches it, or why none does.

 {targets, transport, hasCredential, exchange} → {items: [{machineName, vmId, vmName, target, door, skipped}]}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_guest_doors(const uint8_t *request,
                              size_t request_len,
                              uint8_t **data,
                              size_t *len);

/*
 Shows what each guest's hosts file would become.

 {guests: [{machineName, vmId, vmName, target, door}], block, settings, state} → {items: [{machineName, text}]}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_guest_previews(const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Says what must be sent to each guest through Data Exchange.

 {targets, block, settings, exchange} →
 {items: [{machineName, ..., digest, sends, parcel}], parcels: [{steps: [{method, dataItems}]}]}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_guest_deliveries(const uint8_t *request,
                                   size_t request_len,
                                   uint8_t **data,
                                   size_t *len);

/*
 Reads which guests have answered for their block; once the wait is over, what that means for the others.

 {awaited, exchange, wait: {bound, waited} (seconds)} → {items: the answers of those that have, at the bound of all}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_guest_delivered(const uint8_t *request,
                                  size_t request_len,
                                  uint8_t **data,
                                  size_t *len);

/*
 Closes a reconcile: the plan and what became of its guests.

 {plan, guests} → {view, report}; the names in the report begin with a capital

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_report(const uint8_t *request,
                         size_t request_len,
                         uint8_t **data,
                         size_t *len);

/*
 Says what there is: every machine as config, state and Hyper-V know it, and where the three disagree.

 {config, state, look or null, now} → {Project, ConfigPath, HyperVAnswered, Machines}

 # Safety
 `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
 */
RagnaStatus ragna_machine_status(const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Merges the managed block into the bytes of a hosts file.

 Raw bytes in, raw bytes out. An empty answer means that the file is as it should be, and is not to be written.

 # Safety
 `file` must be readable for `file_len` bytes and `block` for `block_len`, `data` and `len` writable; null pointers
 are refused.
 */
RagnaStatus ragna_hosts_merge(const uint8_t *file,
                              size_t file_len,
                              const uint8_t *block,
                              size_t block_len,
                              uint8_t **data,
                              size_t *len);

/*
 Makes an ISO image of files.

 {label, files: [{name, size}]} and the bytes of the files, one behind the other → the bytes of the image

 # Safety
 `request` must be readable for `request_len` bytes and `contents` for `contents_len`, `data` and `len` writable;
 null pointers are refused.
 */
RagnaStatus ragna_guest_iso(const uint8_t *request,
                            size_t request_len,
                            const uint8_t *contents,
                            size_t contents_len,
                            uint8_t **data,
                            size_t *len);

#if defined(RAGNA_TEST_EXPORTS)
/*
 Panics inside the guard, to prove that it holds. Only in builds with the feature `test-exports`.

 # Safety
 As for every export.
 */
RagnaStatus ragna_test_panic(const uint8_t *request,
                             size_t request_len,
                             uint8_t **data,
                             size_t *len);
#endif

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RAGNATRAMP_H */
