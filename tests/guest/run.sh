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
# run_groups GROUP...: one after another.
run_groups() {
    for group_file; do
        [ -r "$here/$group_file.sh" ] || { fail "no group $group_file"; continue; }
        before=$passed began=$(date +%s)
        # shellcheck source=/dev/null
        . "$here/$group_file.sh"
        printf '%-16s %5d passed, %d s\n' "$group_file" $((passed - before)) $(($(date +%s) - began))
    done
}
# run_lane NAME GROUP...: the groups, for a process of its own beside that of another lane; what they counted is then in the file NAME.
run_lane() {
    counted=$bench/$1 bench=$bench/$1.lane
    shift
    mkdir -m 700 "$bench"
    passed=0 failed=0 skipped=0 running=''
    trap end EXIT
    trap 'exit 143' HUP INT TERM
    run_groups "$@"
    printf '%d %d %d\n' "$passed" "$failed" "$skipped" >"$counted"
}
# Two lanes, since most of a group's time is that of one process: the script in folders, and systems that run. Both take the
# module as it is built now.
run_all() {
    build_host
    chmod 711 "$bench" # a test lets another user into its own lane's folder
    run_lane folders vectors warnings acknowledgements clones hostile hardening durability faults kill install &
    lanes=$!
    run_lane systems iso daemons machine end-to-end born cloud-init &
    lanes="$lanes $!"
    for lane in $lanes; do running="$running TERM:$lane"; done
    # shellcheck disable=SC2086 # words
    wait $lanes
    running=''
    for lane in folders systems; do
        if ! read -r lane_passed lane_failed lane_skipped <"$bench/$lane"; then fail "the lane $lane did not come to its end"; continue; fi
        passed=$((passed + lane_passed)) failed=$((failed + lane_failed)) skipped=$((skipped + lane_skipped))
    done
}

group=rig
for tool in $(missing_tools); do skip "everything under $tool: it is not installed"; done
[ -z "$quick" ] || skip '6 of 9 pairs of shell and awk, 888 of 1,000 hostile blocks: --quick was asked for'
if [ $# -eq 0 ]; then run_all; else run_groups "$@"; fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
