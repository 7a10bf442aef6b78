#!/bin/sh
# run.sh [--quick] [GROUP...]: the tests of the guest files, all of them or the groups named (vectors, warnings, acknowledgements,
# clones, hostile, faults, kill, install, iso, machine, end-to-end). --quick takes three of the nine pairs of shell and awk (kill:
# one), a ninth of the hostile blocks, and no cron.
# The last line is `N passed, N failed, N skipped`; the exit status is 1 where anything failed or nothing ran.
set -u
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
script=$here/../../module/guest/ragnatramp-guest
files=$here/../../module/guest
vectors=$here/../vectors/hosts-merge-vectors.json
bench=$(mktemp -d) || exit 1
running=''
# shellcheck disable=SC2154,SC2317 # called by the trap
end() {
    for machine in $running; do kill "-${machine%:*}" "${machine#*:}" 2>/dev/null && wait "${machine#*:}" 2>/dev/null; done
    rm -rf --one-file-system "$bench"
}
trap end EXIT
trap 'exit 143' HUP INT TERM
export script files vectors bench
quick=''
if [ "${1:-}" = --quick ]; then quick=yes; shift; fi

# shellcheck source=tests/guest/rig.sh
. "$here/rig.sh"
# shellcheck source=tests/guest/systems.sh
. "$here/systems.sh"
group=rig
for tool in $(missing_tools); do skip "everything under $tool: it is not installed"; done
[ -z "$quick" ] || skip '6 of 9 pairs of shell and awk, 888 of 1,000 hostile blocks: --quick was asked for'
for wanted in "${@:-all}"; do
    [ "$wanted" != all ] || wanted='vectors warnings acknowledgements clones hostile faults kill install iso machine end-to-end'
    for group_file in $wanted; do
        [ -r "$here/$group_file.sh" ] || { fail "no group $group_file"; continue; }
        before=$passed began=$(date +%s)
        # shellcheck source=/dev/null
        . "$here/$group_file.sh"
        printf '%-16s %5d passed, %d s\n' "$group_file" $((passed - before)) $(($(date +%s) - began))
    done
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
