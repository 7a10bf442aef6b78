#!/usr/bin/env bash
# How long a lab takes to be made and started, by how many machines at the same time; lifecycle.ps1 says how that is measured. Needs
# dist/Ragnatramp.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
exec tools/pwsh -NoProfile -NonInteractive -File tools/bench/lifecycle.ps1 "$@"
