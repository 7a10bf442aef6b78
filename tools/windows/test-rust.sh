#!/usr/bin/env bash
# Runs the Rust tests as programs for 64-bit Windows, under Wine: what is written for Windows alone (access lists, sharing,
# attributes, paths) is tested nowhere else. Words go to `cargo test`. What it needs is set up at the first run (see tools/pwsh).
set -euo pipefail
here=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
root=$(dirname -- "$here")
# shellcheck source-path=SCRIPTDIR/..
{
    . "$here/windows/cache.sh"
    . "$here/windows/packages.sh"
    . "$here/windows/debian-root.sh"
    . "$here/windows/wine.sh"
    . "$here/windows/rust-std.sh"
}

need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
rust_std
debian_root
prefix

# As the runner of cargo: the program and its words.
if [[ ${1:-} == --run ]]; then
    shift
    export WINEPREFIX=$prefix
    in_wine exec wine-stable "$@"
fi

[[ -z $rust_sysroot ]] || export CARGO_ENCODED_RUSTFLAGS="--sysroot"$'\x1f'"$rust_sysroot"
CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="$here/windows/test-rust.sh --run"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER
# Debug data takes longer to write than the tests to run.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
cd "$root"
exec cargo test --locked --target "$rust_target" "$@"
