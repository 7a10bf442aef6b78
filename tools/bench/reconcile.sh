#!/usr/bin/env bash
# What the module's own work costs at 5, 50 and 500 machines; reconcile.ps1 says how that is measured. Needs dist/Ragnatramp.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
cd "$root"
exec tools/pwsh -NoProfile -NonInteractive -File tools/bench/reconcile.ps1 "$@"
