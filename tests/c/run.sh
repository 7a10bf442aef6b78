#!/bin/sh
# The C client of the header: compiled as C11 and as C++17 with warnings as errors, each run under valgrind where no byte may
# be used wrongly or lost. The last line is "N passed, N failed".
set -eu
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
for tool in gcc g++ valgrind; do
    command -v "$tool" >/dev/null || { printf 'tests/c: %s is not installed (Debian: apt-get install g++ valgrind)\n0 passed, 1 failed\n' "$tool"; exit 1; }
done
cargo build --quiet --locked
library=${CARGO_TARGET_DIR:-target}/debug
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# lab: a folder with a config and a state for one run
lab() {
    rm -rf "$work/lab"
    mkdir -p "$work/lab/.ragnatramp"
    printf 'project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n' >"$work/lab/ragnatramp.yaml"
    printf '{"version":1,"configHash":"0","configPath":"%s","project":"lab","createdAt":"2026-11-22T20:48:55.435Z","updatedAt":"2026-11-22T20:48:55.435Z","vms":{"web":{"id":"A1","name":"lab-web","machineName":"web","diskPath":"d","createdAt":"2026-11-22T20:48:55.435Z","checkpoints":[]}}}\n' \
        "$work/lab/ragnatramp.yaml" >"$work/lab/.ragnatramp/state.json"
}

passed=0 failed=0
# client NAME COMPILER...
client() {
    name=$1
    shift
    if ! "$@" -Wall -Wextra -Wpedantic -Werror -O1 -g -Iinclude -o "$work/$name" tests/c/client.c \
        -x none -L"$library" -lragnatramp -lpthread -Wl,-rpath,"$(cd "$library" && pwd)"; then
        printf '%s: does not compile\n' "$name"
        failed=$((failed + 1))
        return
    fi
    lab
    status=0
    # What the library keeps for the life of the process (its table of handles, its panic hook) is still reachable at the end.
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect "$work/$name" "$work/lab" >"$work/log" 2>&1 || status=$?
    cat "$work/log"
    counts=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$work/log" | tail -n 1)
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
    if [ "$status" -eq 99 ] || [ -z "$counts" ]; then
        printf '%s: valgrind found errors\n' "$name"
        failed=$((failed + 1))
    fi
}

client c11 gcc -std=c11 -x c
client c++17 g++ -std=c++17 -x c++
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
