#!/usr/bin/env bash
# sanitize.sh: the border under tools that see what a test does not. AddressSanitizer with LeakSanitizer on the tests of the border,
# valgrind on the client in C, and what a million calls leave in memory. The last line is "N passed, N failed".
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
# shellcheck source-path=SCRIPTDIR/../..
. tools/windows/cache.sh
[[ $# -eq 0 ]] || fail 'sanitize takes no arguments'

passed=0 failed=0
# step NAME COMMAND...
step() {
    printf '\n== %s\n' "$1"
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The compiler's sanitizers are unstable; with this the stable one has them, and no other compiler is needed. They need --target,
# so that what runs while it builds is built without.
address_sanitizer() {
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 \
        cargo test --locked --target "$(rustc -vV | sed -n 's/^host: //p')" --target-dir target/sanitize \
        --features test-exports --lib --test it -- ffi:: border lifecycle_border --skip border_memory
}

a_million_calls() {
    RAGNATRAMP_CALLS=1000000 cargo test --locked --features test-exports --test it -- --nocapture \
        --exact border_memory::resident_memory_stays_flat
}

step 'AddressSanitizer: the tests of the border' address_sanitizer
step 'valgrind: the client in C' sh tests/c/run.sh
step 'resident memory in 1,000,000 calls' a_million_calls
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
