#!/usr/bin/env bash
# The verbs of the project on Linux; build.ps1 is the same on Windows.
set -euo pipefail
root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
cd "$root"
# shellcheck source-path=SCRIPTDIR
. tools/build/module.sh

help() {
    cat <<'END'
build.sh VERB

  demo              the whole life of a lab on a simulated Hyper-V, from an empty folder to an empty folder
  test [SUITE...]   all tests, or the suites named: rust, windows, c, module, guest, tools; ends with "N passed, N failed, N skipped";
                    of the guest's, a quick choice: sh tests/guest/run.sh runs them whole (some 12 minutes)
  lint              rustfmt, clippy, cargo deny, shellcheck, PSScriptAnalyzer; changes nothing
  bench [--quick]   measures everything side by side and writes benches/RESULTS.md (some 6 minutes on an idle machine; --quick: 2,
                    and the page goes to the output)
  fuzz [--seconds N] [TARGET...]
                    attacks the exports of the library and its parsers, each for N seconds (10); names what was found. Needs g++
  sanitize          the border under AddressSanitizer, LeakSanitizer and valgrind, and resident memory in 1,000,000 calls
  package           dist/Ragnatramp/VERSION, the module as it is installed; dist/Ragnatramp-VERSION.zip and dist/Ragnatramp.VERSION.nupkg
  notices           writes THIRD-PARTY-NOTICES.txt anew (needs cargo-about)
  reproduce         builds the DLL of the last commit in two folders and compares the hashes

Nothing needs to be installed first but Rust, npm, and for the suite c, fuzz and sanitize g++ and valgrind: what else is needed is set up at the first run, as root, below
~/.cache/ragnatramp (or RAGNATRAMP_CACHE). Windows PowerShell scripts run in PowerShell for Windows (tools/pwsh).
END
}

verb=${1:-}
[[ $# -eq 0 ]] || shift
case $verb in
    demo)
        build_module
        exec tools/pwsh -NoProfile -NonInteractive -File tools/demo.ps1 "$@"
        ;;
    test) exec tools/build/test.sh "$@" ;;
    lint) exec tools/lint/lint.sh "$@" ;;
    bench)
        build_module
        exec tools/bench/bench.sh "$@"
        ;;
    fuzz) exec tools/build/fuzz.sh "$@" ;;
    sanitize) exec tools/build/sanitize.sh "$@" ;;
    package)
        build_module
        exec tools/pwsh -NoProfile -NonInteractive -File tools/New-Package.ps1 -Module dist/Ragnatramp -Destination dist
        ;;
    notices)
        # Without the network but for the crates themselves: their licences are read from their sources.
        cargo fetch --locked
        cargo about generate --offline --locked --config tools/package/about.toml tools/package/about.hbs | tr -d '\r' >THIRD-PARTY-NOTICES.txt.part
        mv -T THIRD-PARTY-NOTICES.txt.part THIRD-PARTY-NOTICES.txt
        ;;
    reproduce) exec tools/build/reproduce.sh ;;
    '' | help | -h | --help) help ;;
    *)
        printf "build.sh: unknown verb '%s'\n\n" "$verb" >&2
        help >&2
        exit 2
        ;;
esac
