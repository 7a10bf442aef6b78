# shellcheck shell=sh disable=SC2034,SC2154
# What no other test would notice if it went: the file is on the disk before and after it takes its place, a pool is read up to
# its bound, what goes back to the host is printable and short, the label of the hosts file stays, and nothing is left where the
# script is told to end. Sourced by run.sh.

group=durability
# The calls of a run that end in a rename of the hosts file, one a line: `fsync PATH`, `rename PATH`.
check_disk() {
    new_guest disk
    block 172.20.1.1 web
    send "$bench/block"
    # shellcheck disable=SC2086 # shell may be two words
    PATH=$shims:$PATH strace -f -y -qq -s 4096 -e trace=fsync,fdatasync,syncfs,sync,rename,renameat,renameat2 -o "$bench/calls" \
        $shell "$script" --root "$guest" >"$bench/said" 2>&1
    expect 'on disk: it works' "$? $(acknowledgement)" '0 synced ok*'
    awk -v etc="$guest/etc" '
        /\/etc\/\.ragnatramp\.hosts>\) *= 0/ && /f(data)?sync\(/ && !renamed { file = 1 }
        /rename/ && index($0, "\"" etc "/hosts\"") && / = 0$/ { renamed = 1; before = file }
        renamed && (/fsync\(|syncfs\(/ && index($0, "<" etc ">") || / sync\(\)/) { after = 1 }
        END { print renamed + 0, before + 0, after + 0 }' "$bench/calls" >"$bench/order"
    expect 'on disk: renamed, the file before it, the folder after it' "$(cat "$bench/order")" '1 1 1'
}

# A pool as large as a disk takes no longer than one of the largest size there is.
check_bounds() {
    for number in 0 1 3; do
        new_guest "large-$number"
        send "$bench/block"
        truncate -s 2T "$guest/var/lib/hyperv/.kvp_pool_$number" || { skip "bounds: no file of 2 TB can be made here"; return; }
        # shellcheck disable=SC2086 # shell may be two words
        PATH=$shims:$PATH timeout 60 $shell "$script" --root "$guest" --settle >"$bench/said" 2>&1
        expect "a pool $number of 2 TB: in time" "$?" '[01]'
        case $number in
        1) expect 'a pool 1 of 2 TB: not written' "$(cat "$bench/said")" '*cannot write*' ;;
        *) expect "a pool $number of 2 TB: read to its bound" "$(acknowledgement)" 'synced ok*' ;;
        esac
    done
    # shellcheck disable=SC2086 # shell may be two words
    PATH=$shims:$PATH timeout 60 $shell "$script" --root "$guest" --forget >"$bench/said" 2>&1
    expect 'forgetting' "$?" 0
}

check_texts() {
    new_guest texts
    long=$(printf '%0300d' 7)
    # shellcheck disable=SC2016 # as it stands
    printf 'ID=\033[31mevil$(reboot)\302\240%s\nVERSION_ID="1.2 \t3;%s"\n' "$long" "$long" >"$guest/etc/os-release"
    run_guest
    expect 'os-release: cut, and without what is no name' "$(value_of ragnatramp.guest)" "v2 *.*.* 31mevilreboot$(printf '%027d' 0) 1.23$(printf '%036d' 0)"
    send "$bench/block"
    meddle cp <<C
#!/bin/sh
printf 'cp: \033]0;title\007 \302\240 first%04000d\nsecond\n' 7 >&2
exit 1
C
    run_guest
    meddle_no_more
    value=$(value_of ragnatramp.answer)
    expect 'an acknowledgement: whole' "$(acknowledgement)" 'failed write cp: ?0;title*first000*'
    expect 'an acknowledgement: at most 1,000 characters' "$((${#value} <= 1000 && ${#value} > 700))" 1
    expect 'an acknowledgement: printable ASCII' "$(printf '%s' "$value" | tr -d ' -~' | wc -c | tr -d ' ')" 0
}

# The label is taken from the file that is replaced, onto the one that replaces it, before the rename.
check_label() {
    new_guest label
    send "$bench/block"
    meddle chcon <<C
#!/bin/sh
[ -s "$guest/etc/.ragnatramp.hosts" ] && ! grep -q RAGNA "$guest/etc/hosts" && printf '%s\n' "\$*" >>"$bench/labelled"
exit 1
C
    : >"$bench/labelled"
    run_guest
    meddle_no_more
    expect 'label' "$? $(acknowledgement)" '0 synced ok*'
    expect 'label: of the old file, for the new one' "$(cat "$bench/labelled")" "--reference=$guest/etc/hosts $guest/etc/.ragnatramp.hosts"
}

# TERM to the whole group, as systemd sends it, once at each tool that writes or moves a file.
check_ends() {
    for tool in dd chcon od mv cp; do
        new_guest "end-$tool"
        cp "$guest/etc/hosts" "$bench/original"
        { cat "$bench/original"; echo; cat "$bench/block"; } >"$bench/wanted"
        send "$bench/block"
        meddle $tool <<C
#!/bin/sh
PATH=\${PATH#*:} $tool "\$@"
status=\$?
case "\$*" in
*ragnatramp.hosts* | */work/old) read -r group <"$bench/group"; kill -TERM -\$group ;;
esac
exit \$status
C
        # shellcheck disable=SC2086,SC2016 # shell may be two words; for the inner shell
        PATH=$shims:$PATH "$setsid" -w sh -c 'echo $$ >"$0"; exec "$@"' "$bench/group" $shell "$script" --root "$guest" >"$bench/said" 2>&1
        ended=$?
        meddle_no_more
        expect "told to end at $tool: exit status" $ended 143
        if cmp -s "$guest/etc/hosts" "$bench/original" || cmp -s "$guest/etc/hosts" "$bench/wanted"; then pass; else fail "told to end at $tool: neither old nor new"; fi
        expect_clean "told to end at $tool"
        expect "told to end at $tool: no lock" "$(find "$guest/run/ragnatramp" -name 'lock.pid*' -o -name work)" ''
    done
}

setsid=$(command -v setsid)
for pair in 'dash/mawk' 'busybox ash/busybox awk'; do
    combinations | grep -qx "$pair" || continue
    use "${pair%/*}" "${pair#*/}"
    if command -v strace >/dev/null; then check_disk; else skip 'on disk: strace is not installed'; fi
    check_bounds
    check_texts
    check_label
    check_ends
done
combo=''
