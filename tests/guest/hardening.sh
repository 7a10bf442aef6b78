# shellcheck shell=sh disable=SC2034,SC2154
# What other users and programs of a guest can do to the script, and what a mounted system can make of the installer: nothing.
# Sourced by run.sh.

group=hardening
installed() { sh "$files/install.sh" --root "$guest" "$@" >"$bench/said" 2>&1; }
uninstalled() { sh "$files/uninstall.sh" --root "$guest" >"$bench/said" 2>&1; }
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

# The lock is held by opening it: a user who can read it could keep the script from working.
check_privacy() {
    new_guest private
    chmod 755 "$bench" "$guest"
    mkdir -p "$guest/run/ragnatramp" "$guest/var/lib/ragnatramp" "$guest/sys/class/dmi/id"
    chmod 755 "$guest/run/ragnatramp" "$guest/var/lib/ragnatramp"
    : >"$guest/run/ragnatramp/lock"
    chmod 644 "$guest/run/ragnatramp/lock"
    printf 'AAAAAAAA-0000-0000-0000-000000000001\n' >"$guest/sys/class/dmi/id/product_uuid"
    rm "$guest/etc/hosts" "$(pool_out)"
    block 172.20.1.1 web
    send "$bench/block"
    run_guest --settle
    expect 'folders of an earlier version' "$? $(acknowledgement) $(stat -c %a "$guest/run/ragnatramp" "$guest/var/lib/ragnatramp" | tr '\n' ' ')" '0 synced ok* 700 700 '
    expect 'its own files' "$(stat -c %a "$guest/run/ragnatramp/starts" "$guest/var/lib/ragnatramp/vm" | tr '\n' ' ')" '600 600 '
    expect 'what others read' "$(stat -c %a "$guest/etc/hosts" "$(pool_out)" | tr '\n' ' ')" '644 644 '
    expect 'another user reaches the system' "$(as_nobody cat "$guest/etc/hosts" | grep -c web)" 1
    # shellcheck disable=SC2016 # for the inner shell
    expect 'another user cannot hold the lock' "$(as_nobody sh -c 'exec 9<"$1" && flock -n 9 && echo held' sh "$guest/run/ragnatramp/lock" 2>/dev/null)" ''
    chmod 700 "$bench"
}

check_path() {
    new_guest path
    send "$bench/block"
    mkdir -p "$bench/planted"
    for tool in awk head sha256sum dd; do printf '#!/bin/sh\necho %s >>"%s"\n' $tool "$bench/planted/called" >"$bench/planted/$tool"; done
    chmod +x "$bench"/planted/*
    PATH=$bench/planted:$PATH sh "$files/ragnatramp-guest" --root "$guest" >"$bench/said" 2>&1
    expect 'tools that the caller has in front' "$? $(acknowledgement) $(cat "$bench/planted/called" 2>/dev/null)" '0 synced ok* '
    (cd "$bench/planted" && PATH='' /bin/sh "$files/ragnatramp-guest" --root "$guest") >"$bench/said" 2>&1
    expect 'tools in the current folder' "$? $(cat "$bench/planted/called" 2>/dev/null)" '0 '
}

# More starts within a minute than a host makes: the script stays longer, looking at the pool, so that nothing starts it anew.
check_storm() {
    for starts in 3 25; do
        new_guest "storm-$starts"
        send "$bench/block"
        mkdir -p "$guest/run/ragnatramp"
        for _ in $(seq $starts); do date +%s; done >"$guest/run/ragnatramp/starts"
        : >"$bench/pauses"
        meddle sleep <<C
#!/bin/sh
echo >>"$bench/pauses"
C
        run_guest --settle
        meddle_no_more
        case $starts in 3) wanted=5 ;; *) wanted=50 ;; esac
        expect "$starts starts: pauses" "$(($(wc -l <"$bench/pauses")))" $wanted
        expect "$starts starts: it works" "$(acknowledgement)" 'synced ok*'
        expect "$starts starts: counted" "$(($(wc -l <"$guest/run/ragnatramp/starts")))" $((starts + 1))
    done
    # What is no time, or of another one, does not count; the file does not grow.
    { for _ in $(seq 90); do echo $(($(date +%s) - 61)); done; echo x; echo 99999999999; } >"$guest/run/ragnatramp/starts"
    run_guest --settle
    expect 'old starts' "$(($(wc -l <"$guest/run/ragnatramp/starts")))" 1
}

check_unit() {
    if ! command -v systemd-analyze >/dev/null; then skip 'the unit: systemd-analyze is not installed'; return; fi
    systemd-analyze security --offline=true --no-pager "$files/systemd/ragnatramp-guest.service" >"$bench/exposure" 2>&1
    exposure=$(sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p' "$bench/exposure")
    expect "the unit's exposure in tenths is at most 20: $exposure" "$((${exposure:-99} <= 20))" 1
    # A hosts file in another folder is opened to it.
    new_guest elsewhere
    mkdir -p "$guest/static/etc"
    mv "$guest/etc/hosts" "$guest/static/etc/hosts"
    ln -s /static/etc/hosts "$guest/etc/hosts"
    installed --with systemd
    expect 'a hosts file elsewhere' "$? $(tr '\n' ' ' <"$guest/etc/systemd/system/ragnatramp-guest.service.d/hosts.conf")" '0 \[Service\] ReadWritePaths=-/static/etc '
    uninstalled
    expect 'a hosts file elsewhere: gone' "$? $(find "$guest/etc/systemd" -name '*ragna*')" '0 '
}

check_crontab() {
    new_guest crontab
    mkdir -p "$guest/etc/crontabs"
    installed --with cron
    expect 'a new table' "$? $(stat -c %a "$guest/etc/crontabs/root")" '0 600'
    printf '0 1 * * * backup --password=secret\n' >>"$guest/etc/crontabs/root"
    meddle cat <<C
#!/bin/sh
stat -c %a "\$1" >>"$bench/copy-modes"
PATH=\${PATH#*:} exec cat "\$@"
C
    PATH=$shims:$PATH uninstalled
    meddle_no_more
    expect 'the copy of a table' "$? $(cat "$bench/copy-modes")" '0 600'
    expect 'the table' "$(cat "$guest/etc/crontabs/root")" '0 1 * * * backup --password=secret'
}

state_of() { (cd "$1" && find . -printf '%p %y %m %l %T@\n' | sort; find . -type f -exec sha256sum {} + | sort); }

# Every folder that installer, script and uninstaller write to is an absolute link to one that this system has, too; files that
# they make for themselves are links to files of this system.
check_links_out() {
    outside=$bench/outside
    for starter in systemd openrc cron crontabs; do
        new_guest "links-out-$starter"
        rm -rf "$outside"
        mkdir -p "$outside"
        for folder in usr/sbin usr/lib usr/local/sbin etc/systemd/system etc/init.d etc/runlevels/default etc/cloud run var/lib/ragnatramp etc/cron.d etc/crontabs; do
            case $starter/$folder in crontabs/etc/cron.d | systemd/etc/cron* | openrc/etc/cron*) continue ;; esac
            name=$(printf '%s' "$folder" | tr / -)
            mkdir -p "$guest/$folder" "$outside/$name/ragnatramp" "$guest$outside/$name"
            rmdir "$guest/$folder"
            ln -s "$outside/$name" "$guest/$folder"
            for file in ragnatramp-guest ragnatramp-guest.service ragnatramp-guest.path ragnatramp/hosts.sh root vm starts hosts.pending; do
                printf '#!/bin/sh\n: >"%s/ran"\n/ragnatramp-guest\n' "$outside" >"$outside/$name/$file"
            done
        done
        mkdir -p "$outside/wants" "$guest$outside/etc-systemd-system"
        : >"$outside/wants/ragnatramp-guest.path"
        ln -s "$outside/wants" "$guest$outside/etc-systemd-system/paths.target.wants"
        printf 'manage_etc_hosts: true\n' >"$outside/etc-cloud/cloud.cfg"
        printf 'outside\n' | tee "$outside/file" >"$outside/lock"
        mkdir -p "$guest$outside/run/ragnatramp"
        ln -s "$outside/lock" "$guest$outside/run/ragnatramp/lock"
        for file in "$guest/etc/.ragnatramp.hosts" "$(pool_out).ragnatramp" "$guest$outside/var-lib-ragnatramp/hosts.pending" \
            "$guest$outside/var-lib-ragnatramp/hosts.pending.part" "$guest$outside/var-lib-ragnatramp/vm.new" \
            "$guest$outside/usr-sbin/ragnatramp-guest.ragnatramp-new" "$guest$outside/usr-sbin/ragnatramp-guest"; do
            ln -s "$outside/file" "$file"
        done
        mkdir -p "$guest/sys/class/dmi/id"
        printf 'AAAAAAAA-0000-0000-0000-000000000001\n' >"$guest/sys/class/dmi/id/product_uuid"
        state_of "$outside" >"$bench/outside-before"
        installed --with "${starter%tabs}"
        expect "$starter: installed inside" "$? $(stat -c '%F %a' "$guest$outside/usr-sbin/ragnatramp-guest")" '0 regular file 755'
        send "$bench/block"
        run_guest --settle
        expect "$starter: works inside" "$? $(acknowledgement)" '0 synced ok *'
        printf '#!/bin/sh\n: >"%s/ran"\n' "$outside" >"$guest$outside/usr-sbin/ragnatramp-guest"
        uninstalled
        expect "$starter: uninstalled inside" "$? $(grep -c RAGNA "$guest/etc/hosts") $(find "$guest" -type f -name '*ragnatramp*')" '0 0 '
        state_of "$outside" >"$bench/outside-after"
        expect_same "$starter: nothing outside changed" "$bench/outside-before" "$bench/outside-after"
    done

    # A link that leads back to itself inside may lead anywhere outside.
    new_guest circle
    rm -rf "$guest/run" "$outside"
    mkdir -p "$outside"
    ln -s "$outside" "$guest/run"
    mkdir -p "$guest${outside%/*}"
    ln -s /run "$guest$outside"
    send "$bench/block"
    run_guest
    expect 'a circle' "$? $(cat "$bench/said")" '1 *run/ragnatramp is a link that leads back to itself'
    expect 'a circle: nothing outside' "$(ls -A "$outside")" ''
}

if [ "$(id -u)" != 0 ]; then skip 'needs root'
else
    for pair in 'dash/mawk' 'busybox ash/busybox awk'; do
        combinations | grep -qx "$pair" || continue
        use "${pair%/*}" "${pair#*/}"
        check_privacy
        check_storm
        check_links_out
    done
    use dash mawk
    check_crontab
    combo=''
    check_path
    check_unit
fi
combo=''
