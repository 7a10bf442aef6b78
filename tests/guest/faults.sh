# shellcheck shell=sh disable=SC2034,SC2154
# What goes wrong around the script: half blocks, wrong digests, a daemon that rewrites the pool under the reader, full and
# read-only disks, mount points, two runs at once, a hosts file that others change. Sourced by run.sh.

group=faults
can_mount() { [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; }
# The script under test in a mount namespace of its own, after the commands in $1.
run_mounted() {
    # shellcheck disable=SC2086 # shell may be two words
    PATH=$shims:$PATH unshare -m sh -c "mount --make-rprivate / 2>/dev/null; $1"'
        shift; "$@"' sh "$guest" $shell "$script" --root "$guest" >"$bench/said" 2>&1
}

check_reading() {
    # A block cut anywhere, and one whose digest is another's: not applied, and said.
    new_guest half
    awk 'BEGIN { for (i = 0; i < 60; i++) printf "172.20.%d.7 machine-number-%d\n", i, i }' >"$bench/lines"
    # shellcheck disable=SC2046 # fields without blanks
    block $(cat "$bench/lines")
    cp "$guest/etc/hosts" "$bench/original"
    parts "$bench/block" | to_records >"$bench/whole"
    expect 'half: several parts' "$(parts "$bench/block" | wc -l)" '[3-9]'
    { parts "$bench/block" | sed 1d; } | to_records >"$(pool_in)"
    run_guest
    expect 'first part missing' "$? $(acknowledgement)" '1 refused digest *'
    expect_same 'first part missing: untouched' "$guest/etc/hosts" "$bench/original"
    parts "$bench/block" | sed '1s/172/173/' | to_records >"$(pool_in)"
    run_guest
    expect 'wrong digest' "$? $(acknowledgement)" '1 refused digest *'
    expect_same 'wrong digest: untouched' "$guest/etc/hosts" "$bench/original"

    # The first read hits the moment in which the daemon has truncated its pool.
    cat "$bench/whole" >"$(pool_in)"
    meddle head <<C
#!/bin/sh
case "\$*" in
*kvp_pool_0) rm -f "$bench/meddler/head"; exit 0 ;;
esac
PATH=\${PATH#*:} exec head "\$@"
C
    run_guest
    meddle_no_more
    expect 'empty for a moment' "$? $(acknowledgement)" '0 synced ok*'
    cp "$bench/original" "$guest/etc/hosts"

    # Cut in mid record, then whole while the script waits.
    head -c 3000 "$bench/whole" >"$(pool_in)"
    run_guest
    expect 'cut before the header: no block yet' "$?" 0
    expect_same 'cut before the header: untouched' "$guest/etc/hosts" "$bench/original"
    parts "$bench/block" | sed -n '$p;1p' | to_records >"$(pool_in)"
    (sleep 1; cat "$bench/whole" >"$(pool_in)") &
    run_guest
    expect 'whole after a second' "$? $(acknowledgement)" '0 synced ok*'
    wait $!
    run_guest
    expect 'whole: again' "$? $(acknowledgement)" '0 synced ok*'
}

# Two blocks take turns in the pool, rewritten in place as the daemon does it, while the script runs again and again: after
# each run the file is the original or holds one of the two blocks, whole.
check_rewriting() {
    new_guest rewriting
    cp "$guest/etc/hosts" "$bench/original"
    for letter in a b; do
        awk -v l=$letter 'BEGIN { for (i = 0; i < 90; i++) printf "172.%d.9.7 machine-%s-%d\n", 20 + (l == "b"), l, i }' >"$bench/lines"
        # shellcheck disable=SC2046 # fields without blanks
        block $(cat "$bench/lines")
        { cat "$bench/original"; echo; cat "$bench/block"; } >"$bench/after-$letter"
        parts "$bench/block" | to_records >"$bench/pool-$letter"
    done
    : >"$bench/go-on"
    (
        while [ -e "$bench/go-on" ]; do
            for letter in a b; do
                # truncated first, then a piece at a time, as stdio does it
                dd if="$bench/pool-$letter" of="$(pool_in)" bs=1024 2>/dev/null
                sleep 0.03
            done
        done
    ) &
    runs=0 torn=0 seen_a=0 seen_b=0
    while [ $runs -lt 40 ]; do
        run_guest
        runs=$((runs + 1))
        if cmp -s "$guest/etc/hosts" "$bench/after-a"; then seen_a=1
        elif cmp -s "$guest/etc/hosts" "$bench/after-b"; then seen_b=1
        elif ! cmp -s "$guest/etc/hosts" "$bench/original"; then torn=$((torn + 1))
        fi
    done
    rm "$bench/go-on"
    wait $!
    expect 'rewriting daemon: torn files in 40 runs' $torn 0
    expect 'rewriting daemon: both blocks came through' "$seen_a$seen_b" 11
    expect_clean 'rewriting daemon'
}

check_at_once() {
    new_guest at-once
    block 172.20.1.1 web
    { cat "$guest/etc/hosts"; echo; cat "$bench/block"; } >"$bench/wanted"
    send "$bench/block"
    for _ in 1 2 3 4 5 6; do run_guest & done
    wait
    expect_same 'six at once: the file' "$guest/etc/hosts" "$bench/wanted"
    expect 'six at once: two records' "$(wc -c <"$(pool_out)")" 5120
    expect 'six at once: acknowledgement' "$(acknowledgement)" 'synced ok*'
    expect_clean 'six at once'

    # Somebody else writes the hosts file between the script's read and its write, once: the line is kept.
    new_guest meanwhile
    send "$bench/block"
    meddle chcon <<C
#!/bin/sh
rm -f "$bench/meddler/chcon"
echo '10.4.4.4 added-meanwhile' >>"$guest/etc/hosts"
C
    { cat "$guest/etc/hosts"; printf '10.4.4.4 added-meanwhile\n\n'; cat "$bench/block"; } >"$bench/wanted"
    run_guest
    meddle_no_more
    expect 'changed meanwhile: acknowledgement' "$? $(acknowledgement)" '0 synced ok*'
    expect_same 'changed meanwhile: nothing lost' "$guest/etc/hosts" "$bench/wanted"
    # ... and each time: it gives up with an error and leaves the other's file.
    new_guest restless
    send "$bench/block"
    meddle chcon <<C
#!/bin/sh
echo '10.4.4.4 again' >>"$guest/etc/hosts"
C
    run_guest
    meddle_no_more
    expect 'changed each time: acknowledgement' "$? $(acknowledgement)" '1 failed busy *'
    expect 'changed each time: the other lines are there' "$(grep -c again "$guest/etc/hosts") $(grep -c RAGNA "$guest/etc/hosts")" '5 0'
    expect_clean 'changed each time'
}

names_in() { find "$1" -mindepth 1 | sed 's|.*/||' | sort | tr '\n' ' '; }

# A hosts file that is a link: followed inside the system, and said where it leads to no file.
check_links() {
    new_guest links
    block 172.20.1.1 web
    send "$bench/block"
    { cat "$guest/etc/hosts"; echo; cat "$bench/block"; } >"$bench/wanted"
    mkdir "$guest/static"
    mv "$guest/etc/hosts" "$guest/static/hosts"
    cp "$guest/static/hosts" "$bench/original"
    for target in /static/hosts ../static/hosts /../../../static/./hosts /etc/second; do
        cp "$bench/original" "$guest/static/hosts"
        ln -sfn ../static/hosts "$guest/etc/second"
        ln -sfn "$target" "$guest/etc/hosts"
        run_guest
        expect "link to $target" "$? $(acknowledgement)" '0 synced ok*'
        expect_same "link to $target: its file" "$guest/static/hosts" "$bench/wanted"
        expect "link to $target: still a link" "$(readlink "$guest/etc/hosts")" "$target"
    done

    # What such a link leads to in the system that runs the script.
    mkdir -p "$bench/machine"
    printf 'ID=machine\n' >"$bench/machine/os-release"
    printf '127.0.0.1 machine\n' | tee "$bench/machine/hosts" >"$bench/machine-hosts"
    ln -sfn "$bench/machine/hosts" "$guest/etc/hosts"
    rm "$guest/etc/os-release"
    ln -s "$bench/machine/os-release" "$guest/etc/os-release"
    run_guest
    expect 'link out of the system' "$? $(acknowledgement)" "1 failed link *etc/hosts is a link to $bench/machine/hosts, where nothing is*"
    expect_same 'link out of the system: that file' "$bench/machine/hosts" "$bench/machine-hosts"
    expect 'link out of the system: its folder' "$(names_in "$bench/machine")" 'hosts os-release '
    expect 'link out of the system: os-release' "$(value_of ragnatramp.guest)" 'v2 *.*.* linux -'
    mkdir -p "$guest$bench/machine"
    cp "$bench/original" "$guest$bench/machine/hosts"
    run_guest
    expect 'the same path inside' "$? $(acknowledgement)" '0 synced ok*'
    expect_same 'the same path inside: its file' "$guest$bench/machine/hosts" "$bench/wanted"
    expect_same 'the same path inside: the other file' "$bench/machine/hosts" "$bench/machine-hosts"
    rm -r "$guest$bench/machine"

    # The folder is a link.
    rm "$guest/etc/hosts" "$guest/etc/os-release"
    mv "$guest/etc" "$guest/real"
    ln -s /real "$guest/etc"
    cp "$bench/original" "$guest/real/hosts"
    run_guest
    expect 'the folder is a link' "$? $(acknowledgement)" '0 synced ok*'
    expect_same 'the folder is a link: its file' "$guest/real/hosts" "$bench/wanted"

    for target in nowhere /no/folder hosts ./hosts ../etc/hosts /etc/other; do
        ln -sfn hosts "$guest/real/other"
        rm -f "$guest/real/hosts"
        ln -s "$target" "$guest/real/hosts"
        case $target in
        nowhere | /no/folder) wanted="is a link to $target, where nothing is" ;;
        *) wanted='is a link that leads back to itself' ;;
        esac
        run_guest
        expect "link to $target" "$? $(acknowledgement)" "1 failed link *real/hosts $wanted; nothing was written"
        expect "link to $target: stays" "$(readlink "$guest/real/hosts")" "$target"
        expect "link to $target: no file was made" "$(names_in "$guest/real")" 'hosts other second '
    done
    expect_clean links
    run_guest --withdraw
    expect 'links: withdrawn' "$? $(value_of ragnatramp.answer)" '0 '
    expect 'links: withdrawn, the link stays' "$(readlink "$guest/real/hosts")" /etc/other
}

check_mounts() {
    new_guest mounted
    block 172.20.1.1 web 172.20.1.2 db
    send "$bench/block"
    cp "$guest/etc/hosts" "$bench/original"
    # shellcheck disable=SC2016 # for the inner shell
    run_mounted 'mount --bind "$1/etc" "$1/etc" && mount -o remount,ro,bind "$1/etc"'
    expect 'read-only /etc' "$? $(acknowledgement)" '1 failed read-only *Read-only file system*'
    expect_same 'read-only /etc: untouched' "$guest/etc/hosts" "$bench/original"

    # A full disk: the file stays, the acknowledgement still comes (its record has its place), nothing is left; room again, and
    # it works.
    # shellcheck disable=SC2016
    run_mounted 'mount -t tmpfs -o size=64k tmpfs "$1/etc" && cp "'"$bench"'/original" "$1/etc/hosts" && cp /dev/zero "$1/etc/filler" 2>/dev/null
        PATH="'"$shims:$PATH"'"; shift; "$@"; echo "exit $?"; set -- "'"$guest"'"; cat "$1/etc/hosts" >"'"$bench"'/seen"; ls -A "$1/etc" | tr "\n" " "; exit 1; :'
    expect 'full disk: acknowledgement' "$(acknowledgement)" 'failed no-space *'
    expect 'full disk: exit status, nothing left behind' "$(tail -n 2 "$bench/said" | tr '\n' ' ')" 'exit 1 filler hosts *'
    expect_same 'full disk: untouched' "$bench/seen" "$bench/original"
    run_guest
    expect 'room again' "$? $(acknowledgement)" '0 synced ok*'

    # Without --root, a link into a folder that is not there.
    new_guest astray
    send "$bench/block"
    ln -sf /no/folder/hosts "$guest/etc/hosts"
    # shellcheck disable=SC2086,SC2016 # shell may be two words; for the inner shell
    PATH=$shims:$PATH unshare -m sh -c 'mount --make-rprivate / 2>/dev/null
        for folder in etc var run; do mount --bind "$1/$folder" "/$folder" || exit 9; done
        shift; "$@"' sh "$guest" $shell "$script" >"$bench/said" 2>&1
    expect 'link to no folder' "$? $(acknowledgement)" '1 failed link /etc/hosts is a link to /no/folder/hosts, where nothing is*'
    expect 'link to no folder: nothing at the root' "$(find / -maxdepth 1 -name '*ragnatramp*')" ''
    expect_clean 'link to no folder'

    # The hosts file is a mount point: written in place.
    new_guest mount-point
    send "$bench/block"
    cp "$guest/etc/hosts" "$bench/bound"
    { cat "$bench/bound"; echo; cat "$bench/block"; } >"$bench/wanted"
    # shellcheck disable=SC2016
    run_mounted 'mount --bind "'"$bench"'/bound" "$1/etc/hosts"'
    expect 'mount point' "$? $(acknowledgement)" '0 synced ok,in-place *'
    expect_same 'mount point: written' "$bench/bound" "$bench/wanted"
    expect_same 'mount point: the file below' "$guest/etc/hosts" "$bench/original"
    expect_clean 'mount point'

    # A mount point on a full disk: the old file is put back.
    new_guest full
    block 172.20.1.1 web
    { cat "$bench/block"; yes '10.1.1.1 nas'; } | head -c 4096 >"$bench/before"
    block 172.20.1.1 web 172.20.1.2 db
    send "$bench/block"
    mkdir "$guest/disk"
    # shellcheck disable=SC2016
    run_mounted 'mount -t tmpfs -o size=64k tmpfs "$1/disk" && cp "'"$bench"'/before" "$1/disk/hosts" && { cp /dev/zero "$1/disk/filler" 2>/dev/null; mount --bind "$1/disk/hosts" "$1/etc/hosts"; }
        PATH="'"$shims:$PATH"'"; shift; "$@"; echo "exit $?"; cat "'"$guest"'/etc/hosts" >"'"$bench"'/seen"; exit 1; :'
    expect 'full mount point: acknowledgement' "$(acknowledgement)" 'failed no-space *'
    expect_same 'full mount point: the old file is back' "$bench/seen" "$bench/before"
    expect_clean 'full mount point'
}

combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_at_once
    check_links
    if can_mount; then check_mounts; else skip 'mounts: needs root and mount namespaces'; fi
    case $combo in
    'dash + mawk' | 'busybox ash + busybox awk' | 'bash + gawk') check_reading; check_rewriting ;;
    esac
done <"$bench/combinations"
combo=''
