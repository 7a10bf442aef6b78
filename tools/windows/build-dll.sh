#!/usr/bin/env bash
# Builds the native half of the module, ragnatramp.dll for 64-bit Windows, on a Linux machine:
#
#     build-dll.sh                   into module/bin/runtimes/win-x64/native/, as it is delivered
#     build-dll.sh --test-exports    into target/test-dll/, with the exports that only tests call
#
# What it needs is set up at the first run (see tools/pwsh). The last line on standard output is the DLL's path.
set -euo pipefail
here=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
root=$(dirname -- "$here")
# shellcheck source-path=SCRIPTDIR/..
{
    . "$here/windows/cache.sh"
    . "$here/windows/packages.sh"
    . "$here/windows/debian-root.sh"
    . "$here/windows/rust-std.sh"
}

cargo=(cargo build --locked --manifest-path "$root/Cargo.toml" --release --lib --target "$rust_target")
case ${1:-} in
    '')
        folder=$root/module/bin/runtimes/win-x64/native
        CARGO_TARGET_DIR=$(build_folder "$root")
        export CARGO_TARGET_DIR
        ;;
    --test-exports)
        # Soon built rather than small: it is called a few times and never delivered.
        folder=$root/target/test-dll
        export CARGO_TARGET_DIR=$folder/build
        export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
        cargo+=(--features test-exports)
        ;;
    *) fail "unknown word '$1'; known: --test-exports" ;;
esac

need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
rust_std
# The paths of this machine and the time stay out of the DLL, so the same source gives the same bytes everywhere. With a target
# named, these words are for the target alone: what runs during the build is built with the toolchain's own library.
words=("--remap-path-prefix=$root=ragnatramp" "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" '-Clink-arg=-Wl,--no-insert-timestamp')
[[ -z $rust_sysroot ]] || words+=(--sysroot "$rust_sysroot")
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${words[*]}")
export CARGO_ENCODED_RUSTFLAGS

mkdir -p "$CARGO_TARGET_DIR" "$folder"
(
    # From the build to the copy: two at once in one checkout must not take each other's half.
    flock 9
    "${cargo[@]}" >&2 9>&-
    cp "$CARGO_TARGET_DIR/$rust_target/release/ragnatramp.dll" "$folder/.ragnatramp.dll.part"
    mv -T "$folder/.ragnatramp.dll.part" "$folder/ragnatramp.dll"
) 9>"$CARGO_TARGET_DIR/.dll.lock"
printf '%s\n' "$folder/ragnatramp.dll"
