#!/bin/sh
# run.sh [--quick] [GROUP...]: the tests of the guest files, all of them or the groups named (vectors, warnings, acknowledgements,
# clones, hostile, hardening, durability, faults, kill, install, iso, daemons, machine, end-to-end, born, cloud-init). --quick takes
# three of the nine pairs of shell and awk (kill: one), a ninth of the hostile blocks, and neither cron nor cloud-init.
# The last line is `N passed, N failed, N skipped`; the exit status is 1 where anything failed or nothing ran.
set -u
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
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
# The script under test: the one that is shipped, but for one line: it takes the tools of the caller's PATH first, so that the
# tests can choose shell and awk, and fail a tool. install.sh (the group) holds that the shipped one does not.
mkdir "$bench/script"
cp "$files"/*.sh "$files/ragnatramp-guest" "$bench/script"
# shellcheck disable=SC2016 # for the script
sed 's|^LC_ALL=C PATH=.*|LC_ALL=C PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin|' "$files/ragnatramp-guest" >"$bench/script/ragnatramp-guest"
script=$bench/script/ragnatramp-guest
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
    [ "$wanted" != all ] || wanted='vectors warnings acknowledgements clones hostile hardening durability faults kill install iso daemons machine end-to-end born cloud-init'
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
