#!/usr/bin/env bash
# Measures the core and the module, and writes benches/RESULTS.md; with --quick less of it, to the output. Needs dist/Ragnatramp.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
quick=() results=()
case ${1:-} in
    '') ;;
    --quick) quick=(--quick) results=(-Quick) ;;
    *)
        printf "bench: unknown word '%s'; known: --quick\n" "$1" >&2
        exit 2
        ;;
esac
# What a series of another name left there would be told along.
rm -rf target/criterion
cargo bench --locked --bench core -- "${quick[@]}"
cargo bench --locked --bench state | tee target/state-bench.txt
# What .NET says of the system is what Wine makes up.
system="Windows by Wine on $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
exec tools/pwsh -NoProfile -NonInteractive -File tools/bench/Write-Results.ps1 -State "Z:$root/target/state-bench.txt" -System "$system, Linux $(uname -r)" "${results[@]}"
