# shellcheck shell=sh disable=SC2034,SC2154
# From the host's cmdlet to the guest's resolver, with nothing played but Hyper-V itself: Invoke-RagnaReconcile of the built
# module writes pool records, by way of the simulated CIM, into the folders of systems that run; there systemd's path unit,
# OpenRC's service and cron's line, as install.sh puts them, start the script; the acknowledgements come
# back. Sourced by run.sh.

group=end-to-end
lab=$bench/lab
debian=11111111-0000-4000-8000-000000000001 busybox=11111111-0000-4000-8000-000000000002 crontab=11111111-0000-4000-8000-000000000003
guest_of() { guest=$lab/hyper-v/guests/$1; }

# host ARGUMENT...: one reconcile; what it said is then in $bench/host.
host() {
    began_host=$(date +%s)
    "$here/../../tools/pwsh" -NoProfile -NonInteractive -File "$here/Invoke-EndToEnd.ps1" -Folder "Z:$lab" "$@" </dev/null 2>&1 |
        tr -d '\r' >"$bench/host"
    host_took=$(($(date +%s) - began_host))
}
said() { sed -n "s/^$1: //p" "$bench/host"; }
# expect_hosts NAME: in each system whose turn it is the block stands behind what was there, byte for byte.
expect_hosts() {
    for id in $ids; do
        guest_of "$id"
        { printf '127.0.0.1 localhost\n\n'; cat "$lab/block"; } >"$bench/wanted"
        expect_same "$1" "$guest/etc/hosts" "$bench/wanted"
    done
}
script_is_announced() { [ -n "$(value_of ragnatramp.guest)" ]; }
holds() { grep -q "^$1\$" "$guest/etc/hosts"; }
in_debian() { leader=$debian_leader; inside "$@"; }
in_busybox() { leader=$busybox_leader; inside "$@"; }

start_systems() {
    guest_of $debian
    copy_system debian
    sh "$files/install.sh" --root "$guest" >"$bench/said" 2>&1
    expect 'the Debian is started by systemd' "$(cat "$bench/said")" '*started by systemd*'
    boot_systemd
    debian_machine=$machine debian_leader=$leader
    wait_for 60 script_is_announced
    expect 'the Debian: its script has greeted' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* debian 12'

    guest_of $busybox
    copy_system busybox
    sh "$files/install.sh" --root "$guest" >"$bench/said" 2>&1
    expect 'the busybox system is started by OpenRC' "$(cat "$bench/said")" '*started by openrc*'
    boot_plain 'mkdir -p /run/openrc; : >/run/openrc/softlevel; openrc default'
    busybox_machine=$machine busybox_leader=$leader
    wait_for 20 script_is_announced
    expect 'the busybox system: its script has greeted' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* busybox 1'
    ids="$debian $busybox" all="web=$debian=172.20.1.10,db=$busybox=172.20.1.11"

    if [ -n "$quick" ]; then skip 'the system with cron, which starts once a minute: --quick was asked for'; return; fi
    guest_of $crontab
    copy_system debian
    sh "$files/install.sh" --root "$guest" --with cron >"$bench/said" 2>&1
    boot_plain cron
    cron_machine=$machine
    wait_for 70 script_is_announced
    expect 'the system with cron: its script has greeted' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* debian 12 cron'
    ids="$ids $crontab" all="$all,night=$crontab=172.20.1.12"
}

check_end_to_end() {
    start_systems
    host -New -Is "$all"
    expect 'first run: the Debian' "$(said 'guest web')" 'synced KeyValuePair'
    expect 'first run: the busybox system' "$(said 'guest db')" 'synced KeyValuePair'
    first_took=$host_took
    if [ -z "$quick" ]; then
        # The host does not wait a minute: it says so, unless that minute has just come.
        case $(said 'guest night') in
        synced*) pass ;;
        *) expect 'first run: the system with cron' "$(said 'guest night') $(said warning)" 'skipped * night: *within a minute*' ;;
        esac
        guest_of $crontab
        wait_for 70 holds '172.20.1.10 web'
    else
        expect 'first run: nothing went wrong' "$(said error)$(said warning)" ''
    fi
    expect_hosts 'first run: the hosts file'
    expect 'first run: getent in the Debian' "$(in_debian getent hosts db)" '172.20.1.11 *db'
    expect 'first run: getent in the busybox system' "$(in_busybox getent hosts web)" '172.20.1.10 *web'

    host
    expect 'second run: every guest' "$(sed -n 's/^guest [a-z]*: //p' "$bench/host" | sort -u)" 'unchanged KeyValuePair'
    expect 'second run: nothing is sent' "$(said sent)$(said error)" 0
    expect_hosts 'second run: the hosts file'

    host -Machine db -Address 172.29.64.77
    expect 'another address: the Debian' "$(said 'guest web')" 'synced KeyValuePair'
    expect 'another address: the busybox system' "$(said 'guest db')" 'synced KeyValuePair'
    [ -n "$quick" ] || { guest_of $crontab; wait_for 70 holds '172.29.64.77 db'; }
    expect_hosts 'another address: the hosts file'
    expect 'another address: getent in the Debian' "$(in_debian getent hosts db)" '172.29.64.77 *db'
    expect 'another address: getent in the busybox system' "$(in_busybox getent hosts db)" '172.29.64.77 *db'
    printf 'end-to-end: the first run took %s s, the one with another address %s s\n' "$first_took" "$host_took"

    # Installed anew and taken out where it runs.
    cp -r "$files" "$lab/hyper-v/guests/$busybox/root/guest"
    in_busybox sh /root/guest/install.sh >"$bench/said" 2>&1
    expect 'installed anew under OpenRC' "$? $(in_busybox rc-service ragnatramp-guest status 2>&1)" '0 *started'
    in_busybox sh /root/guest/uninstall.sh >"$bench/said" 2>&1
    expect 'taken out under OpenRC' "$? $(in_busybox ps | grep -c -- --watch) $(in_busybox getent hosts web)" '0 0 '
    machine=$debian_machine leader=$debian_leader
    stop_systemd
    machine=$busybox_machine
    stop_plain
    [ -n "$quick" ] || { machine=$cron_machine; stop_plain; }
}

if ! find_systems; then skip "$why"
elif ! build_host; then fail "the module could not be built: $(tail -n 1 "$bench/said")"
else check_end_to_end
fi
