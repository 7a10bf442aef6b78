# shellcheck shell=sh disable=SC2034,SC2154
# A kill at any moment: before each program that the script calls, the whole group of processes is killed (what happens
# between two programs changes nothing on disk). The hosts file is the old or the new one, whole; the next run completes the
# work and leaves nothing behind. Also in place, and with a write in place that stops halfway. Sourced by run.sh.

group='kill'
arm() {
    traps=$bench/traps
    rm -rf "$traps"
    mkdir "$traps"
    for tool in awk cat chcon chmod cksum cp dd digest flock fold grep head ln mkdir mv od readlink rm sed sha256sum sleep sync tail tr wc; do
        cat >"$traps/$tool" <<T
#!/bin/sh
echo >>"$bench/count"
n=\$($(command -v stat) -c %s "$bench/count")
read -r fatal <"$bench/fatal"
read -r group <"$bench/group"
if [ \$n -ge \$fatal ]; then
    echo $tool >"$bench/killed"
    kill -9 -\$group
    exit 1
fi
PATH=\${PATH#*:} exec $tool "\$@"
T
        chmod +x "$traps/$tool"
    done
}

# run_to_death NUMBER: the script, killed before its program of that number. Status 1 where it ended before.
run_to_death() {
    : >"$bench/count"
    echo "$1" >"$bench/fatal"
    rm -f "$bench/killed"
    # shellcheck disable=SC2086,SC2016 # shell may be two words; for the inner shell
    PATH=$traps:$busy$shims:$PATH "$setsid" -w sh -c 'echo $$ >"$0"; exec "$@"' "$bench/group" \
        $shell "$script" --root "$guest" >"$bench/said" 2>&1
    [ -e "$bench/killed" ]
}

check_kills() {
    new_guest kill
    block 172.20.1.1 web 172.20.1.2 db
    send "$bench/block"
    printf '# BEGIN RAGNATRAMP\n10.9.9.9 old\n# END RAGNATRAMP\n127.0.0.1 localhost\n' >"$bench/old-hosts"
    { cat "$bench/block"; echo '127.0.0.1 localhost'; } >"$bench/new-hosts"
    number=1 old=0 new=0 torn=0
    while
        cp "$bench/old-hosts" "$guest/etc/hosts"
        : >"$(pool_out)"
        run_to_death $number
    do
        if cmp -s "$guest/etc/hosts" "$bench/old-hosts"; then old=$((old + 1))
        elif cmp -s "$guest/etc/hosts" "$bench/new-hosts"; then new=$((new + 1))
        else torn=$((torn + 1)); fail "killed before program $number, $(cat "$bench/killed"): neither old nor new"
        fi
        PATH=$busy$PATH run_guest
        expect "after the kill before program $number, $(cat "$bench/killed")" "$? $(acknowledgement)" '0 [a-z]* ok*'
        expect_same "after the kill before program $number" "$guest/etc/hosts" "$bench/new-hosts"
        expect_clean "after the kill before program $number"
        number=$((number + 1))
        [ $number -lt 500 ] || break
    done
    expect "$1: kills, old and new files seen, torn ones" "$number $old $new $torn" '[4-9][0-9] [2-9][0-9] [1-9]* 0'
    printf 'kill: %s [%s]: %d kills, %d old, %d new, %d torn\n' "$1" "$combo" $((number - 1)) $old $new $torn
}

# A hosts file that cannot be renamed over, and of which only the first bytes get written before everything dies.
check_half_writes() {
    for bytes in 0 1 30 80; do
        new_guest half-write
        send "$bench/block"
        cp "$bench/old-hosts" "$guest/etc/hosts"
        cat >"$traps/dd" <<T
#!/bin/sh
case "\$*" in
*of=$guest/etc/hosts\ *) head -c $bytes "$bench/new-hosts" >"$guest/etc/hosts"; read -r group <"$bench/group"; kill -9 -\$group ;;
esac
PATH=\${PATH#*:} exec dd "\$@"
T
        run_to_death 100000
        expect "half a write: $bytes bytes there" "$(wc -c <"$guest/etc/hosts")" $bytes
        run_guest
        expect "half a write of $bytes bytes: next run" "$? $(acknowledgement)" '0 [a-z]* ok*'
        expect_same "half a write of $bytes bytes: completed" "$guest/etc/hosts" "$bench/new-hosts"
        expect_clean "half a write of $bytes bytes"
    done
    # What the user wrote after the half write is not undone.
    new_guest edited
    mkdir -p "$guest/var/lib/ragnatramp"
    cp "$bench/new-hosts" "$guest/var/lib/ragnatramp/hosts.pending"
    printf '127.0.0.1 localhost by-hand\n' >"$guest/etc/hosts"
    run_guest
    expect 'edited after a half write' "$(cat "$guest/etc/hosts")" '127.0.0.1 localhost by-hand'
    expect_clean 'edited after a half write'
}

setsid=$(command -v setsid)
mkdir -p "$bench/busy"
cat >"$bench/busy/mv" <<'T'
#!/bin/sh
case $3 in
*/etc/hosts) echo "mv: cannot move '$2' to '$3': Device or resource busy" >&2; exit 1 ;;
esac
PATH=${PATH#*:} exec mv "$@"
T
chmod +x "$bench/busy/mv"
for pair in 'dash/mawk' 'busybox ash/busybox awk' 'bash/gawk'; do
    combinations | grep -qx "$pair" || continue
    use "${pair%/*}" "${pair#*/}"
    arm
    busy=''
    check_kills replaced
    busy=$bench/busy:
    [ "$pair" = bash/gawk ] || check_kills 'in place'
    check_half_writes
    [ -z "$quick" ] || { skip "kills under the pairs of shell and awk after $pair: --quick was asked for"; break; }
done
combo=''
