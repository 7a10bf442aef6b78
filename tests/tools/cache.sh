# shellcheck shell=bash
# The set-up: what exists is finished, what failed leaves nothing, two at once make a thing once.

# try SCRIPT: runs it with the functions of tools/windows/cache.sh and a cache of its own.
try() {
    RAGNATRAMP_CACHE=$bench/cache bash -c 'set -euo pipefail; . "$root/tools/windows/cache.sh"; make_it() { echo x >>"$bench/made"; sleep 0.2; echo whole >"$1"; }; make_half() { echo half >"$1"; false; echo on >>"$1"; }; '"$1"
}

rm -f "$bench/made"
try 'made a/thing "a thing" make_it' 2>"$bench/err"
expect 'a step says one line' "$(cat "$bench/err")" 'bash: set-up: a thing'
try 'made a/thing "a thing" make_it' 2>"$bench/err"
expect 'a second time it says nothing' "$(cat "$bench/err")" ''
expect 'and makes nothing' "$(wc -l <"$bench/made")" 1
expect 'the thing is whole' "$(cat "$bench/cache/a/thing")" whole

try 'made half "half a thing" make_half' 2>"$bench/err"
expect 'a step that fails ends the run' $? 125
expect 'nothing that failed is taken for made' "$([[ -e $bench/cache/half ]] || echo absent)" absent
expect 'it names the log' "$(grep -c "$bench/cache/log/half.log" "$bench/err")" 1
try 'made half "half a thing" make_it' 2>/dev/null
expect 'it can be started again' "$(cat "$bench/cache/half")" whole

rm -f "$bench/made"
for _ in 1 2 3; do try 'made once "made once" make_it' 2>/dev/null & done
wait
expect 'three at once make it once' "$(wc -l <"$bench/made")" 1

RAGNATRAMP_CACHE=/proc/nowhere "$pwsh" -NoProfile -Command '"ran"' >"$bench/out" 2>"$bench/err"
expect 'a cache that cannot be written: not run' "$? $(cat "$bench/out")" '125 '
