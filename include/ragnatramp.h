/*
 * Ragnatramp's native library: reads configs, compares, renders the block of a hosts file, and keeps the state file.
 * Written by cbindgen from src/ffi; `cargo test --test it header` fails where it is stale, and
 * `RAGNA_WRITE_HEADER=1 cargo test --test it header` writes it anew.
 *
 * CALLS. Every function but ragna_free and ragna_contract_checksum returns a RagnaStatus and writes one buffer:
 * `*data` and `*len`. Both are cleared before anything else is done, so after RAGNA_STATUS_NULL_POINTER, and after a call
 * that did not return, there is no buffer. An empty response is a buffer of length 0.
 *
 * BUFFERS. A request belongs to the caller and is not used after the call. Its pointer may be null only where its length is
 * 0; `data` and `len` must not be null. What a call wrote to `*data` and `*len` belongs to the caller until it is given back,
 * once, with ragna_free and that length, also where the length is 0 or the buffer holds an error.
 *
 * ENCODING. Requests and responses are JSON in UTF-8 without a byte order mark and without a terminating NUL, except where a
 * function says raw bytes. A request is an object with the fields named there, `?` after those that may be absent; any other
 * field is an error. Paths are absolute. Times are ISO 8601 in UTC. A response may get more fields in later versions.
 *
 * ERRORS. With RAGNA_STATUS_ERROR and RAGNA_STATUS_PANIC the buffer holds an object: code (a stable name), message (one
 * sentence), place (path?, line?, column?, machine?: lines and columns count from 1, columns count characters), remedy?,
 * and for a config with faults: faults (a list of path, message, line, column) and text (all of them, ready to print).
 *
 * HANDLES. ragna_lab_open gives the handle of a lab; 0 is never one. A handle that was closed, or never given out, is an
 * error with the code INVALID_REQUEST. After RAGNA_STATUS_PANIC the lab of that call can only be closed.
 *
 * THREADS. Every function may be called on every thread. Calls on one lab wait for each other; others do not.
 *
 * FILES. ragna_state_record, ragna_state_repair and ragna_lifecycle_record write the state file, ragna_watch_begin and
 * ragna_lifecycle_begin a lock beside it, ragna_ssh_config the user's ssh config, ragna_disk_copy and ragna_seed_write a file that was not there, and
 * ragna_disk_delete deletes. No other function changes a file.
 *
 * VERSIONS. ragna_contract_checksum says whether a function is still the one that is described here.
 */

#ifndef RAGNATRAMP_H
#define RAGNATRAMP_H

#include <stddef.h>
#include <stdint.h>

/*
 What a function returns. Numbers are never given a new meaning.
 */
enum RagnaStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   The buffer holds the response.
   */
  RAGNA_STATUS_OK = 0,
  /*
   The buffer holds an error as JSON.
   */
  RAGNA_STATUS_ERROR = 1,
  /*
   An internal error; the buffer holds it as JSON. The library stays usable; the lab of the call does not.
   */
  RAGNA_STATUS_PANIC = 2,
  /*
   A pointer was null that must not be; there is no buffer.
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
 Opens a lab: reads a config and the state that belongs to it. `*lab` becomes a handle, which is never 0, or 0 where the lab
 could not be opened. The lab keeps config, state, snapshot and plan until `ragna_lab_close`.

 Request: path (the config file, absolute), mayBegin? (true: a lab of which nothing was made yet has an empty state, which the
 first recorded change saves).
 Response: configPath, statePath, project, machineNames (of the config and of the state), vmIds (of the state), vmNames (of the
 VMs that the machines have or would have).
 */
RagnaStatus ragna_lab_open(uint64_t *lab,
                           const uint8_t *request,
                           size_t request_len,
                           uint8_t **data,
                           size_t *len);

/*
 Closes a lab. Its handle is stale from then on, and refused by every function. A call on it that runs on another thread ends
 undisturbed.

 Response: empty (length 0).
 */
RagnaStatus ragna_lab_close(uint64_t lab,
                            uint8_t **data,
                            size_t *len);

/*
 Takes a snapshot of Hyper-V into what the lab has seen, and says which machines have no address yet.

 Request: snapshot (vms: id, name, state, notes?, processorCount?, memoryStartupBytes?, generation?,
 automaticCheckpoints?, uptimeSeconds?; adapters?: vmId, name, mac, switchName, switchId, ipAddresses; neighbours?: ip, mac, state, interface; hostAddresses?: ip, prefixLength; each of them
 is a table: an object with a list for each column, all equally long), exchange? (what the guests say through Data Exchange: vmId, enabledState,
 operationalStatus, intrinsicItems, guestItems), clock (elapsedSeconds, timeoutSeconds).
 Response: awaited (Ids of the VMs to ask for again), done, askNeighbours (whether to call again with the host's neighbour
 table), askRangeOf (null, or the Id of the switch on which the host's own addresses are wanted in another call, empty tables
 where they are unknown), progress (a text), percent (0 to 100).
 */
RagnaStatus ragna_discover(uint64_t lab,
                           const uint8_t *request,
                           size_t request_len,
                           uint8_t **data,
                           size_t *len);

/*
 Diffing: decides a whole reconcile from what was seen against what was known. Nothing is written.

 Request: allowPartial?, dryRun?, waitedSeconds?, now? (ISO 8601, UTC; by default the time of the call).
 Response: proceed (whether to go on), recordOperation and writeOperation (what a user is asked to confirm), targets (the guests
 to write to: machineName, vmId, vmName, target).
 */
RagnaStatus ragna_diff(uint64_t lab,
                       const uint8_t *request,
                       size_t request_len,
                       uint8_t **data,
                       size_t *len);

/*
 Atomic state I/O: records what the plan learned. Reads the state again under its lock, merges, and replaces the file as a
 whole. One call waits for the lock for a second at most.

 Request: bound (seconds to wait in all for another run that holds the lock), waited (seconds that earlier calls have waited).
 Response: written (whether the file changed), warnings (texts), waiting (null, or who holds the lock: nothing was written, call
 again).
 */
RagnaStatus ragna_state_record(uint64_t lab,
                               const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Says which transport reaches each guest of the plan, or why none does.

 Request: transport (Auto, KeyValuePair, PowerShellDirect or None), hasCredential, exchangeFailure? (message, remedy: why Data
 Exchange could not be asked).
 Response: items (machineName, vmId, vmName, target, transport: KeyValuePair, PowerShellDirect or null).
 */
RagnaStatus ragna_guest_transports(uint64_t lab,
                                   const uint8_t *request,
                                   size_t request_len,
                                   uint8_t **data,
                                   size_t *len);

/*
 Shows what the hosts file of each guest that has a transport would become.

 Request: settings (what the host left in Data Exchange: texts, the items; settings: instanceId, items: indices).
 Response: items (machineName, text).
 */
RagnaStatus ragna_guest_previews(uint64_t lab,
                                 const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Merges the block of the lab's plan into the bytes of a hosts file. Request and response are raw bytes, not JSON.

 Request: the file's bytes.
 Response: the new bytes; empty (length 0) where the file is as it should be and is not to be written.
 */
RagnaStatus ragna_hosts_merge(uint64_t lab,
                              const uint8_t *request,
                              size_t request_len,
                              uint8_t **data,
                              size_t *len);

/*
 Says which lines of the hosts file that ragna_hosts_merge took last make the block ineffective in the guest of a machine.

 Request: machineName.
 Response: items (kind, line: a number from 1, text: that line), as the warnings of a guest in ragna_report.
 */
RagnaStatus ragna_hosts_warnings(uint64_t lab,
                                 const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Says which KVP updates bring the block to guests through Data Exchange. Their acknowledgements are awaited from then on.

 Request: machineNames, settings (as for ragna_guest_previews), exchange? (vmId, guestItems; by default what ragna_discover was told).
 Response: items (machineName, vmId, vmName, target, calls: indices in their order), calls (method, dataItems).
 */
RagnaStatus ragna_guest_updates(uint64_t lab,
                                const uint8_t *request,
                                size_t request_len,
                                uint8_t **data,
                                size_t *len);

/*
 Reads which guests have acknowledged their block; once the wait is over, none is awaited any more.

 Request: exchange? (as for ragna_guest_updates), failed? (names of machines to which not everything could be sent), wait (bound, waited:
 seconds).
 Response: awaited (names of the machines that are awaited still).
 */
RagnaStatus ragna_guest_acknowledgements(uint64_t lab,
                                         const uint8_t *request,
                                         size_t request_len,
                                         uint8_t **data,
                                         size_t *len);

/*
 Ends a reconcile with what became of the guests that the library does not know of.

 Request: guests (machineName, status, transport, reason, message, remedy, warnings, hostName: what the guest calls itself).
 Response: view (the rows of the table that a user sees: machine, state, address, source, hosts), report (as Invoke-RagnaReconcile
 emits it; its names begin with a capital), mark (of what was seen, for ragna_watch).
 */
RagnaStatus ragna_report(uint64_t lab,
                         const uint8_t *request,
                         size_t request_len,
                         uint8_t **data,
                         size_t *len);

/*
 Says what there is: every machine as config, state and Hyper-V know it, and where the three disagree.

 Request: snapshot (as for ragna_discover; null where Hyper-V did not answer), exchange? (as there), now? (as for ragna_diff).
 Response: Project, ConfigPath, HyperVAnswered, Watch (null, or the watch that runs: Process, StartedAt), Machines (a table, as those of the snapshot).
 */
RagnaStatus ragna_machine_status(uint64_t lab,
                                 const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Brings the lab's names in the user's ssh config (`~/.ssh/config`) up to date, or takes them out where the config does not ask
 for them. After ragna_diff they are those of the plan, else those of the state. The file is replaced as a whole.

 Request: dryRun (true: nothing is written).
 Response: path, changed (whether the file is, or was, not as it should be), operation (what a user is asked to confirm).
 */
RagnaStatus ragna_ssh_config(uint64_t lab,
                             const uint8_t *request,
                             size_t request_len,
                             uint8_t **data,
                             size_t *len);

/*
 Says that a run changes the machines of the lab until this handle is closed, and reads the state again. Refused (`STATE_LOCKED`)
 while another one does.

 Request: an object without fields.
 Response: empty (length 0).
 */
RagnaStatus ragna_lifecycle_begin(uint64_t lab,
                                  const uint8_t *request,
                                  size_t request_len,
                                  uint8_t **data,
                                  size_t *len);

/*
 Plans what is to be done so that the machines reach a goal. Nothing is changed.

 Request: inventory (complete: whether Hyper-V told of every VM, drive and checkpoint without an error; vms and drives as tables; details,
 checkpoints and host as objects), goal (kind: start, stop, remove, checkpoint, restore, restored or removeCheckpoint, and what
 that takes), machineNames? (without them: all).
 Response: items, an action for each machine in the order in which they are done: machineName, vmName, vmId, kind, reason,
 operation (null where nothing is done), wave (those of one wave are done together), dependsOn, touches (files and folders),
 drift (texts), steps (kind, and what that takes), refusal? (an error).
 */
RagnaStatus ragna_lifecycle_plan(uint64_t lab,
                                 const uint8_t *request,
                                 size_t request_len,
                                 uint8_t **data,
                                 size_t *len);

/*
 Looks for all that speaks against a start of the machines, before anything is made. Nothing is changed.

 Request: inventory (as for ragna_lifecycle_plan, with drives and host), systemAccess? (folder: that for virtual disks, or the
 nearest one above that is there; granted: whether SYSTEM has full control of what is made in it, null where that is not
 known), machineNames? (without them: all).
 Response: items, findings: code, severity (error: nothing should be begun; or warning), machineName? (where it is about a
 single one), path?, message, remedy.
 */
RagnaStatus ragna_lifecycle_preflight(uint64_t lab,
                                      const uint8_t *request,
                                      size_t request_len,
                                      uint8_t **data,
                                      size_t *len);

/*
 Records in state.json what a step did. While another run holds the lock, it returns after about a second with `waiting`, and
 is called again.

 Request: machineName, change (of the step, as it was handed out), vmId? (of the VM that was made), checkpointId? (of the
 checkpoint that was made), bound (seconds to wait for the lock in all), waited (seconds waited so far).
 Response: written, warnings (a list of texts), waiting (who holds the lock, or null).
 */
RagnaStatus ragna_lifecycle_record(uint64_t lab,
                                   const uint8_t *request,
                                   size_t request_len,
                                   uint8_t **data,
                                   size_t *len);

/*
 Copies one more piece of a disk image, for about half a second. The copy grows as `<path>.partial` and gets its name when it
 is whole and on the disk; a file at `path` is never overwritten.

 Request: source and path (absolute), restart (true at the first call: what an interrupted copy left is deleted).
 Response: copiedBytes, totalBytes, done.
 */
RagnaStatus ragna_disk_copy(const uint8_t *request,
                            size_t request_len,
                            uint8_t **data,
                            size_t *len);

/*
 Writes the disc that names a machine at its first boot: a seed for cloud-init (NoCloud) with the name of the machine, its
 network, the files of the guest and the user's own user-data; or an answer file for Windows Setup, without those files. It is
 whole when it has its name; a file at `path` is never overwritten. That the machine's creation was begun with this disc was
 recorded before.

 Request: machineName, path (absolute, of the step), files (name, size). `contents` holds the bytes of the files, one behind the
 other.
 Response: done (true).
 */
RagnaStatus ragna_seed_write(uint64_t lab,
                             const uint8_t *request,
                             size_t request_len,
                             const uint8_t *contents,
                             size_t contents_len,
                             uint8_t **data,
                             size_t *len);

/*
 Deletes one file, or a folder that holds nothing but Hyper-V's own empty folders. What is not there counts as deleted.

 Request: path (absolute), isFolder.
 Response: done, left (why it is there still, or null), canRetry (whether another program holds it).
 */
RagnaStatus ragna_disk_delete(const uint8_t *request,
                              size_t request_len,
                              uint8_t **data,
                              size_t *len);

/*
 The checksum of the description of a function in this header, as it was when the library was built; 0 for a name that
 the library does not export. A caller that was written against this header compares it with `RAGNA_..._CONTRACT` of
 each function before it calls one.

 `name` is the function's name in ASCII, `name_len` bytes without a terminator.
 */
uint32_t ragna_contract_checksum(const uint8_t *name,
                                 size_t name_len);

/*
 Gives a buffer back. A null pointer is allowed and does nothing.
 */
void ragna_free(uint8_t *data, size_t len);

/*
 Config parsing: reads, checks and resolves a config file.

 Request: path (the config file, absolute).
 Response: config (project, machines, artifactPath, autoStart, sshConfig (only where true), configPath, configHash), warnings (a list of texts: what is
 worth knowing of a sound config).
 */
RagnaStatus ragna_config_parse(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Atomic state I/O: restores a damaged state from its backup, or says what would be done.

 One call waits for the lock for a second at most.

 Request: path (the config file, absolute), dryRun, bound? (seconds to wait in all for another run that holds the lock; 30),
 waited? (seconds that earlier calls have waited).
 Response: outcome (path, damage, source, savedAt, machines, kept, ...), operation (what a user is asked to confirm; null where
 nothing is damaged), waiting (null, or who holds the lock: nothing was changed, and there is no outcome; call again).
 */
RagnaStatus ragna_state_repair(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Rendering of the hosts block: the managed block of a hosts file.

 Request: peers (name, ipv4), in any order.
 Response: the block, as a JSON string.
 */
RagnaStatus ragna_hosts_render(const uint8_t *request,
                               size_t request_len,
                               uint8_t **data,
                               size_t *len);

/*
 Makes a disc of files (Iso), the same as a seed for cloud-init that installs them (Seed), or cloud-init's user-data alone
 (CloudInit). The response is raw bytes, not JSON.

 Request: format (Iso, Seed or CloudInit), files (name, size). `contents` holds the bytes of the files, one behind the other.
 Response: the bytes of the image (ISO 9660 with Joliet), or of the document.
 */
RagnaStatus ragna_guest_media(const uint8_t *request,
                              size_t request_len,
                              const uint8_t *contents,
                              size_t contents_len,
                              uint8_t **data,
                              size_t *len);

#if defined(RAGNA_TEST_EXPORTS)
/*
 Panics, on a thread of its own where the request is `thread`, to prove that the guard holds. On a lab that is not 0 it
 does so while it uses the lab. Only in builds with the feature `test-exports`.
 */
RagnaStatus ragna_test_panic(uint64_t lab,
                             const uint8_t *request,
                             size_t request_len,
                             uint8_t **data,
                             size_t *len);
#endif

/*
 Says that a watch runs over the lab until this handle is closed. Refused (`WATCH_RUNNING`) while another one does.

 Request: an object without fields.
 Response: empty (length 0).
 */
RagnaStatus ragna_watch_begin(uint64_t lab,
                              const uint8_t *request,
                              size_t request_len,
                              uint8_t **data,
                              size_t *len);

/*
 Says whether there is something to reconcile since the last reconcile. Follows ragna_discover; nothing is written.

 Request: mark (of what the last reconcile saw, as ragna_report answered it; null before the first), seconds (since it ended).
 Response: mark (of what is there now), due (null, or why it is to be reconciled: a text).
 */
RagnaStatus ragna_watch(uint64_t lab,
                        const uint8_t *request,
                        size_t request_len,
                        uint8_t **data,
                        size_t *len);

/*
 Names the scheduled task that runs a watch over the lab of a config at each log-on, and says which tasks do so already. Nothing is
 read or written.

 Request: path (the config file, absolute), project? (without it no task is named, and none can be in the way), tasks (those in the folder: name,
 description?).
 Response: task (name, description; null without a project), own (those of `tasks` that are of this
 config: index from 0, project).
 */
RagnaStatus ragna_watch_task(const uint8_t *request,
                             size_t request_len,
                             uint8_t **data,
                             size_t *len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/*
 The checksums of the descriptions above, for ragna_contract_checksum.
 */
#define RAGNA_LAB_OPEN_CONTRACT 0x637b68b9u
#define RAGNA_LAB_CLOSE_CONTRACT 0x4aaefcbeu
#define RAGNA_DISCOVER_CONTRACT 0x347478b4u
#define RAGNA_DIFF_CONTRACT 0x1670f030u
#define RAGNA_STATE_RECORD_CONTRACT 0xa21063feu
#define RAGNA_GUEST_TRANSPORTS_CONTRACT 0x99acff7bu
#define RAGNA_GUEST_PREVIEWS_CONTRACT 0x1221e3c6u
#define RAGNA_HOSTS_MERGE_CONTRACT 0x28daba05u
#define RAGNA_HOSTS_WARNINGS_CONTRACT 0xb7502876u
#define RAGNA_GUEST_UPDATES_CONTRACT 0x3ef7f254u
#define RAGNA_GUEST_ACKNOWLEDGEMENTS_CONTRACT 0xca17f5d0u
#define RAGNA_REPORT_CONTRACT 0xf35024e6u
#define RAGNA_MACHINE_STATUS_CONTRACT 0x2fb54028u
#define RAGNA_SSH_CONFIG_CONTRACT 0x9966cfcdu
#define RAGNA_LIFECYCLE_BEGIN_CONTRACT 0x45632f43u
#define RAGNA_LIFECYCLE_PLAN_CONTRACT 0x4bece1a8u
#define RAGNA_LIFECYCLE_PREFLIGHT_CONTRACT 0xb5faf8ddu
#define RAGNA_LIFECYCLE_RECORD_CONTRACT 0xad4fc71du
#define RAGNA_DISK_COPY_CONTRACT 0xf377b542u
#define RAGNA_SEED_WRITE_CONTRACT 0x0bd3929cu
#define RAGNA_DISK_DELETE_CONTRACT 0x80e9045cu
#define RAGNA_CONTRACT_CHECKSUM_CONTRACT 0xb49d6a9eu
#define RAGNA_FREE_CONTRACT 0x6710d638u
#define RAGNA_CONFIG_PARSE_CONTRACT 0xf40ffba4u
#define RAGNA_STATE_REPAIR_CONTRACT 0x71bd0350u
#define RAGNA_HOSTS_RENDER_CONTRACT 0x0910d1a0u
#define RAGNA_GUEST_MEDIA_CONTRACT 0xe6c42a46u
#define RAGNA_WATCH_BEGIN_CONTRACT 0xd5b41cfbu
#define RAGNA_WATCH_CONTRACT 0x2d42b97eu
#define RAGNA_WATCH_TASK_CONTRACT 0x9f3f6199u

#endif  /* RAGNATRAMP_H */
