#!/usr/bin/env bash
# test.sh [SUITE...]: runs the suites (rust, windows, c, module, guest, tools; all of them where none is named) and adds up what they
# count. The last line is "N passed, N failed, N skipped". The exit code is 1 where anything failed or nothing ran; a
# suite that ends without counting, or fails without a failed test, is one failure more.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
# shellcheck source-path=SCRIPTDIR/../..
. tools/build/module.sh

passed=0 failed=0 skipped=0
mkdir -p target
log=$(mktemp target/test.XXXXXX.log)
trap 'rm -f "$log"' EXIT

# add PASSED FAILED SKIPPED
add() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
}

# suite NAME COUNTER COMMAND...: COUNTER reads what COMMAND printed and prints three numbers, or nothing.
suite() {
    local name=$1 counter=$2 status=0 counts
    shift 2
    printf '\n== %s\n' "$name"
    "$@" </dev/null 2>&1 | tee "$log" || status=$?
    counts=$("$counter" <"$log")
    if [[ -z $counts ]]; then
        printf '%s: did not count (exit code %d)\n' "$name" "$status"
        add 0 1 0
        return
    fi
    local -a number
    read -r -a number <<<"$counts"
    add "${number[@]}"
    if [[ $status -ne 0 && ${number[1]} -eq 0 ]]; then
        printf '%s: exit code %d without a failed test\n' "$name" "$status"
        add 0 1 0
    fi
}

# cargo prints a line for each binary; one that did not build prints none.
count_cargo() {
    awk '/^test result: / { for (i = 2; i <= NF; i++) {
                if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1); if ($i ~ /^ignored/) s += $(i - 1) }
            seen = 1 }
        /^error: could not compile/ { f++; seen = 1 }
        END { if (seen) print p + 0, f + 0, s + 0 }'
}

# The last line "N passed, N failed", with ", N skipped" where there is that.
count_plain() {
    tr -d '\r' | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 0\4/p' | tail -n 1
}

run_module_tests() {
    build_module && tools/windows/build-dll.sh --test-exports &&
        tools/pwsh -NoProfile -NonInteractive -File tests/runner/Invoke-TestRunner.ps1 -Path tests
}

known=(rust windows c module guest tools)
for wanted in "${@:-all}"; do
    case $wanted in all | rust | windows | c | module | guest | tools) ;; *)
        printf "test: unknown suite '%s'; there are: %s\n" "$wanted" "${known[*]}" >&2
        exit 2
        ;;
    esac
done
for name in "${known[@]}"; do
    [[ " ${*:-${known[*]}} " == *" $name "* || " $* " == *' all '* ]] || continue
    case $name in
        rust) suite 'Rust: cargo test' count_cargo cargo test --quiet --locked --no-fail-fast --features test-exports ;;
        windows) suite 'Rust: cargo test, as programs for Windows' count_cargo tools/windows/test-rust.sh --no-fail-fast --features test-exports --lib --test it ;;
        c) suite 'C: a client of the header under valgrind' count_plain sh tests/c/run.sh ;;
        module) suite 'Module: Pester files in PowerShell for Windows' count_plain run_module_tests ;;
        guest) [[ ! -e tests/guest/run.sh ]] || suite 'Guest: the script inside a Linux guest' count_plain sh tests/guest/run.sh --quick ;;
        tools) suite 'Tools: tools/pwsh and the lint' count_plain tests/tools/run.sh ;;
    esac
done

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
