#!/usr/bin/env bash
# fuzz.sh [--seconds N] [TARGET...]: runs the fuzz targets (all of them where none is named), each for N seconds; 10 where it is not
# said. A target is a folder of fuzz/seeds: an export of the library, or a parser with a target of its own. What a run found
# useful is kept in fuzz/corpus, and the next one goes on from there. The last line is "N passed, N failed"; the exit code is 1
# where an input was found that breaks a promise. It is in fuzz/artifacts then.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
# shellcheck source-path=SCRIPTDIR/../..
. tools/windows/cache.sh

version=0.13.2
install_cargo_fuzz() {
    cargo install --quiet --locked --version "$version" --root "$1" cargo-fuzz
}

known=()
for folder in fuzz/seeds/*/; do known+=("$(basename "$folder")"); done

seconds=10
targets=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --seconds)
            [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail '--seconds takes a whole number of seconds, as in: fuzz --seconds 600'
            seconds=$2
            shift
            ;;
        *)
            [[ " ${known[*]} " == *" $1 "* ]] || fail "unknown target '$1'; there are: ${known[*]}"
            targets+=("$1")
            ;;
    esac
    shift
done
[[ ${#targets[@]} -gt 0 ]] || targets=("${known[@]}")

# The program of a target: that of its name, or the one that attacks an export.
program() {
    if [[ -e fuzz/fuzz_targets/$1.rs ]]; then printf '%s' "$1"; else printf border; fi
}

command -v g++ >/dev/null || fail 'g++ is not installed; libFuzzer is built with it (Debian: apt-get install g++)'
made "cargo-fuzz-$version" 'cargo-fuzz' install_cargo_fuzz
PATH=$cache/cargo-fuzz-$version/bin:$PATH
# The compiler's sanitizers are unstable; with this the stable one has them, and no other compiler is needed.
export RUSTC_BOOTSTRAP=1
triple=$(rustc -vV | sed -n 's/^host: //p')
for name in $(for target in "${targets[@]}"; do program "$target"; echo; done | sort -u); do
    say "builds $name"
    cargo fuzz build "$name"
done

passed=0 failed=0
printf '%-30s %7s %10s %9s %7s  %s\n' target seconds runs 'coverage' corpus result
for target in "${targets[@]}"; do
    corpus=fuzz/corpus/$target artifacts=fuzz/artifacts/$target
    log=$artifacts.log
    mkdir -p "$corpus" "$artifacts"
    status=0
    RAGNATRAMP_EXPORT=$target ASAN_OPTIONS=detect_odr_violation=0 \
        "fuzz/target/$triple/release/$(program "$target")" -max_total_time="$seconds" -dict=fuzz/dictionary.txt \
        -timeout=30 -print_funcs=0 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 -artifact_prefix="$artifacts/" \
        "$corpus" "fuzz/seeds/$target" >"$log" 2>&1 || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -nE 's/.* cov: ([0-9]+) .*/\1/p' "$log" | tail -n 1)
    size=$(find "$corpus" -type f | wc -l)
    if [[ $status -eq 0 && ${runs:-0} -gt 0 ]]; then
        passed=$((passed + 1)) result=ok
    else
        failed=$((failed + 1)) result="exit code $status, see $log"
    fi
    printf '%-30s %7s %10s %9s %7s  %s\n' "$target" "$seconds" "${runs:-?}" "${coverage:-?}" "$size" "$result"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
