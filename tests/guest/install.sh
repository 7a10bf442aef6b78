# shellcheck shell=sh disable=SC2034,SC2154
# Installer and uninstaller on a system in a folder: what is put where for each starter, twice the same, and gone again; and
# the whole way in a system that has busybox and nothing else. Sourced by run.sh.

group='install'
listing() { (cd "$guest" && find . -path ./var/lib/hyperv -prune -o \( -type f -o -type l \) -printf '%p %M %l\n' | sort); }
install_guest() { sh "$files/install.sh" --root "$guest" "$@" >"$bench/said" 2>&1; }
uninstall_guest() { sh "$files/uninstall.sh" --root "$guest" "$@" >"$bench/said" 2>&1; }

check_starter() {
    starter=$1 witness=$2
    install_guest
    expect "$starter: exit status" $? 0
    expect "$starter: said" "$(tail -n 1 "$bench/said" | tr '\n' ' ')$(cat "$bench/said")" "*started by $starter*"
    listing >"$bench/once"
    expect "$starter: started" "$(grep -c "$witness" "$bench/once")" '[1-9]'
    expect "$starter: the script" "$(stat -c '%a %u' "$guest/usr/sbin/ragnatramp-guest")" '755 0'
    install_guest
    listing >"$bench/twice"
    expect_same "$starter: twice is once" "$bench/once" "$bench/twice"
    block 172.20.1.1 web
    send "$bench/block"
    sh "$guest/usr/sbin/ragnatramp-guest" --root "$guest"
    expect "$starter: works" "$(acknowledgement)" 'synced ok*'
    uninstall_guest
    expect "$starter: uninstalled" "$?" 0
    listing >"$bench/after"
    expect_same "$starter: nothing left" "$bench/before" "$bench/after"
    expect "$starter: the block is out" "$(grep -c RAGNATRAMP "$guest/etc/hosts")" 0
    expect "$starter: no record left" "$(wc -c <"$(pool_out)")" 0
    uninstall_guest
    expect "$starter: uninstalled twice" "$?" 0
}

check_install() {
    combo=''
    use dash awk
    combo=''
    new_guest with-systemd
    mkdir -p "$guest/usr/lib/systemd"
    printf '#!/bin/sh\n' >"$guest/usr/lib/systemd/systemd"
    chmod +x "$guest/usr/lib/systemd/systemd"
    listing >"$bench/before"
    check_starter systemd 'paths.target.wants/ragnatramp-guest.path .* /etc/systemd/system/ragnatramp-guest.path'
    new_guest with-openrc
    mkdir -p "$guest/sbin"
    printf '#!/bin/sh\n' >"$guest/sbin/openrc-run"
    chmod +x "$guest/sbin/openrc-run"
    listing >"$bench/before"
    check_starter openrc 'runlevels/default/ragnatramp-guest .* /etc/init.d/ragnatramp-guest'
    new_guest with-cron
    mkdir -p "$guest/etc/cron.d"
    listing >"$bench/before"
    check_starter cron 'etc/cron.d/ragnatramp-guest'
    new_guest with-busybox-cron
    mkdir -p "$guest/etc/crontabs"
    printf '0 2 * * * run-parts /etc/periodic/daily\n' >"$guest/etc/crontabs/root"
    cp "$guest/etc/crontabs/root" "$bench/crontab.before"
    listing >"$bench/before"
    check_starter cron 'etc/crontabs/root'
    expect_same "cron: the table's own lines" "$guest/etc/crontabs/root" "$bench/crontab.before"
    # A last line without an end is not joined to the script's, with which it would be taken out. The table is replaced, since
    # busybox' crond would not see a line that is added; its mode and owner stay.
    printf '0 2 * * * run-parts /etc/periodic/daily' >"$guest/etc/crontabs/root"
    chmod 640 "$guest/etc/crontabs/root"
    chown 1:2 "$guest/etc/crontabs/root"
    inode=$(stat -c %i "$guest/etc/crontabs/root")
    install_guest
    expect 'cron: two lines' "$(sed -n '1s/.*daily$/own/p; 2s/^\* .*--cron .*/ours/p' "$guest/etc/crontabs/root" | tr '\n' ' ')" 'own ours '
    expect 'cron: the table as it was' "$(stat -c '%a %u %g' "$guest/etc/crontabs/root")" '640 1 2'
    expect 'cron: another file' "$([ "$(stat -c %i "$guest/etc/crontabs/root")" = "$inode" ] || echo yes)" yes
    uninstall_guest
    expect_same 'cron: the last line stays' "$guest/etc/crontabs/root" "$bench/crontab.before"

    new_guest nothing
    install_guest
    expect 'no starter: exit status' $? 1
    expect 'no starter: said' "$(cat "$bench/said")" '*choose one: --with systemd|openrc|cron'
    install_guest --with cron
    expect 'cron by hand' $? 0
    install_guest --with systemd
    expect 'another starter replaces the first' "$(listing | grep -c -e crontabs -e multi-user.target.wants)" 1
    uninstall_guest --keep-block
    install_guest --with upstart
    expect 'unknown starter' "$? $(tail -n 1 "$bench/said")" '1 *unknown: --with upstart*'
    expect 'unknown starter: nothing installed' "$(listing | grep -c ragnatramp)" 0
    rm -rf "$guest"
    install_guest
    expect 'no system there' "$? $(cat "$bench/said")" '1 *is not the root of a Linux system*'
    grep -l "$(printf '\r')" "$files"/* "$files"/*/* 2>/dev/null >"$bench/cr"
    expect 'no CR in the guest files' "$(cat "$bench/cr")" ''
}

# A system of busybox alone: no flock, no coreutils, no other awk.
check_busybox_system() {
    new_guest busybox-system
    mkdir -p "$guest/bin" "$guest/sbin" "$guest/proc" "$guest/dev" "$guest/etc/crontabs" "$guest/lib" "$guest/lib64" "$guest/root"
    cp "$(command -v busybox)" "$guest/bin/busybox"
    ldd "$(command -v busybox)" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$guest${library%/*}" && cp -L "$library" "$guest$library"
    done
    chroot "$guest" /bin/busybox --install -s /bin || { skip 'busybox system: its busybox does not run'; return; }
    rm -f "$guest/bin/flock"
    mknod "$guest/dev/null" c 1 3 && mknod "$guest/dev/zero" c 1 5
    cp -r "$files" "$guest/root/guest"
    chroot "$guest" /bin/sh /root/guest/install.sh >"$bench/said" 2>&1
    expect 'busybox system: installed' "$? $(cat "$bench/said")" '0 *started by cron*'
    block 172.20.1.1 web 172.20.1.2 db
    { cat "$guest/etc/hosts"; echo; cat "$bench/block"; } >"$bench/wanted"
    send "$bench/block"
    unshare -m chroot "$guest" /bin/sh -c 'mount -t proc proc /proc 2>/dev/null; for i in 1 2 3 4; do ragnatramp-guest & done; wait'
    expect 'busybox system: acknowledgement' "$(acknowledgement)" 'synced ok*'
    expect_same 'busybox system: merged' "$guest/etc/hosts" "$bench/wanted"
    expect 'busybox system: two records' "$(wc -c <"$(pool_out)")" 5120
    expect 'busybox system: a peer is found' "$(chroot "$guest" ping -c 1 -w 1 db 2>&1 | head -n 1)" '*172.20.1.2*'
    expect_clean 'busybox system'
    # A lock whose holder is dead.
    ln -s 999999 "$guest/run/ragnatramp/lock.pid"
    chroot "$guest" ragnatramp-guest
    expect 'busybox system: a dead holder blocks nobody' $? 0
    expect_clean 'busybox system: after the dead holder'
    # As the OpenRC service runs it.
    chroot "$guest" ragnatramp-guest --watch &
    watcher=$!
    block 172.20.1.9 queue
    send "$bench/block"
    tries=0
    until grep -q queue "$guest/etc/hosts" || [ $tries -gt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
    expect 'busybox system: watching' "$(grep -c '172.20.1.9 queue' "$guest/etc/hosts")" 1
    kill $watcher
    wait $watcher
    expect 'busybox system: the watch ends when told' $? 143
}

if [ "$(id -u)" = 0 ]; then check_install; else skip 'installer: needs root'; fi
if [ "$(id -u)" != 0 ]; then skip 'busybox system: needs root'
elif ! command -v busybox >/dev/null; then skip 'busybox system: busybox is not installed'
else check_busybox_system
fi
