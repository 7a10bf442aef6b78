#!/usr/bin/env bash
# All that is checked without running it: the layout of the Rust code and clippy, the shell scripts, the PowerShell
# files, the names by which the module calls commands, and how much of Pester the stand-in runner knows. Every check is run, then the ones that failed are named.
set -euo pipefail
here=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
root=$(dirname -- "$here")
cd "$root"
# shellcheck source-path=SCRIPTDIR/..
{
    . "$here/windows/cache.sh"
    . "$here/windows/packages.sh"
    . "$here/windows/npm.sh"
    . "$here/windows/rust-std.sh"
    . "$here/lint/script-analyzer.sh"
}

# Every file whose first line asks for a shell. A file that is sourced is looked at with the script that sources it.
shell_scripts() {
    local file first
    find . \( -name target -o -name .git -o -name dist \) -prune -o -type f -size -1000k -print0 |
        while IFS= read -r -d '' file; do
            IFS= read -r first <"$file" 2>/dev/null || true
            case $first in '#!'*/sh* | '#!'*/bash* | '#!'*/dash* | '#!'*'env sh'* | '#!'*'env bash'*) printf '%s\0' "$file" ;; esac
        done
}

# What is for Windows alone is not seen by the one above.
check_windows_clippy() (
    rust_std
    [[ -z $rust_sysroot ]] || export CARGO_ENCODED_RUSTFLAGS="--sysroot"$'\x1f'"$rust_sysroot"
    cargo clippy --quiet --locked --all-targets --all-features --target "$rust_target" --target-dir target/lint-windows -- -D warnings
)

check_shell() {
    need shellcheck shellcheck
    shell_scripts | sort -z | xargs -0 shellcheck --external-sources --check-sourced
}

check_powershell() {
    script_analyzer
    "$here/pwsh" -NoProfile -NonInteractive -File "$here/lint/Invoke-Lint.ps1" -AnalyzerPath "Z:$analyzer" -ProfileFolder "Z:$analyzer_profiles"
}

# What could not be looked at, told at the end.
unchecked=()
check_crates() {
    local status=0
    "$here/lint/crates.sh" || status=$?
    [[ $status -ne 3 ]] || { unchecked+=('advisories of the crates (their list could not be fetched)'); return 0; }
    return "$status"
}

failed=()
# check NAME COMMAND...
check() {
    local name=$1
    shift
    say "$name"
    "$@" || failed+=("$name")
}

check 'cargo fmt' cargo fmt --check
check 'cargo fmt of the fuzz targets' cargo fmt --check --manifest-path fuzz/Cargo.toml
check 'cargo clippy' cargo clippy --quiet --locked --all-targets --all-features -- -D warnings
check 'cargo clippy for Windows' check_windows_clippy
check 'cargo deny' check_crates
check 'shellcheck' check_shell
check 'PSScriptAnalyzer' check_powershell
check 'names of commands in the module' "$here/pwsh" -NoProfile -NonInteractive -File "$here/lint/Test-CommandName.ps1"
check 'words of the stand-in runner' "$here/pwsh" -NoProfile -NonInteractive -File "$here/lint/Test-StandInWord.ps1"

if [[ ${#failed[@]} -gt 0 ]]; then
    printf -v list '%s, ' "${failed[@]}"
    say "failed: ${list%, }"
    exit 1
fi
if [[ ${#unchecked[@]} -gt 0 ]]; then
    printf -v list '%s, ' "${unchecked[@]}"
    say "clean; NOT CHECKED: ${list%, }"
else
    say 'all clean'
fi
