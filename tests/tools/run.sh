#!/usr/bin/env bash
# Tests of the tools, each through the command that users call. The last line is "N passed, N failed"; the exit code is 1
# where anything failed or nothing ran.
set -uo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
pwsh=$root/tools/pwsh
bench=$(mktemp -d)
trap 'rm -rf "$bench"' EXIT
passed=0 failed=0

# expect NAME ACTUAL WANTED
expect() {
    if [[ $2 == "$3" ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n  wanted: %q\n  got:    %q\n' "$1" "$3" "$2"
    fi
}

# The first run may set things up, which is no part of what is tested.
"$pwsh" -NoProfile -Command 'exit 0' || { printf 'tools/pwsh does not run\n'; exit 1; }
export root pwsh bench
# shellcheck source-path=SCRIPTDIR
{
    . "$root/tests/tools/pwsh-streams.sh"
    . "$root/tests/tools/pwsh-arguments.sh"
    . "$root/tests/tools/pwsh-processes.sh"
    . "$root/tests/tools/cache.sh"
    . "$root/tests/tools/count.sh"
    . "$root/tests/tools/lint.sh"
}

printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
