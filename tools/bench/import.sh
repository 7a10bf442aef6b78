#!/usr/bin/env bash
# What importing the module costs beside importing an empty script module: 20 fresh processes of each, in turns.
# Prints the medians in milliseconds, their difference and their ratio. Needs dist/Ragnatramp.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
rounds=${1:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/empty.psm1"

# measure PATH: the import's time in a fresh process.
measure() {
    tools/pwsh -NoProfile -NonInteractive -Command \
        "\$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module 'Z:$1'; \$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)" |
        tr -d '\r'
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

for ((round = 0; round < rounds; round++)); do
    measure "$work/empty.psm1" >>"$work/empty"
    measure "$(echo "$root"/dist/Ragnatramp/*/Ragnatramp.psd1)" >>"$work/module"
done
awk -v empty="$(median "$work/empty")" -v module="$(median "$work/module")" -v rounds="$rounds" 'BEGIN {
    printf "import, median of %d: empty module %.1f ms, Ragnatramp %.1f ms, %.1f ms more (%.1f times)\n",
        rounds, empty, module, module - empty, module / empty }'
