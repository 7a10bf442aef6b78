# shellcheck shell=sh disable=SC2034,SC2154
# A real cloud-init takes the disc that Start-RagnaMachine writes for a machine's first boot: a Debian, booted by its systemd,
# with the disc as a block device; where the kernel mounts none, with the disc's files in cloud-init's own folder for them. It
# has the machine's name afterwards, this tool's service, the network as the disc says, and what the user's own user-data asks
# for; Invoke-RagnaReconcile then names every machine in it; its second boot does nothing of that again. Sourced by run.sh.

group=cloud-init
lab=$bench/seeded
# shellcheck source=tests/guest/born-lab.sh
. "$here/born-lab.sh"

# Sets `cloud` to a Debian with cloud-init, or `why` to the reason why there is none.
find_cloud() {
    [ "$(id -u)" = 0 ] || { why='needs root'; return 1; }
    command -v losetup >/dev/null || { why='losetup is not installed'; return 1; }
    command -v systemd-nspawn >/dev/null || { why='systemd-nspawn is not installed (Debian: systemd-container)'; return 1; }
    { bash "$here/make-systems.sh" cloud 2>&1 >"$bench/systems" | tee "$bench/why" >&2; } 2>&1
    cloud=$(cat "$bench/systems")
    [ -n "$cloud" ] || { why=$(tail -n 1 "$bench/why"); return 1; }
}

# insert_disc: puts the disc where the cloud-init in $root looks.
insert_disc() {
    # In a container cloud-init looks at no disc of itself; on a machine it needs no such line.
    printf 'datasource_list: [NoCloud, None]\n' >"$root/etc/cloud/cloud.cfg.d/99-container.cfg"
    device='' seed="$root/var/lib/cloud/seed/nocloud"
    mkdir -p "$bench/disc"
    if unshare --mount mount -t iso9660 -o loop,ro "$disc" "$bench/disc" 2>/dev/null && device=$(losetup --find --show --read-only "$disc"); then
        with="--bind-ro=$device" source='/dev/loop*'
        return
    fi
    skip 'the disc as a block device: this kernel mounts none'
    command -v bsdtar >/dev/null || { skip 'bsdtar is not installed (Debian: libarchive-tools)'; return 1; }
    mkdir -p "$seed"
    bsdtar -xf "$disc" -C "$seed"
    with='' source='/var/lib/cloud/seed/nocloud*'
}

# Boots $root with the disc, and waits until cloud-init has done what it does at a boot.
boot_with_disc() {
    # shellcheck disable=SC2086 # words
    systemd-nspawn $container $with "--bind=$pools:/var/lib/hyperv" -D "$root" -b </dev/null >"$bench/console" 2>&1 &
    machine=$!
    running="$running TERM:$machine"
    wait_for 120 is_done || fail 'cloud-init has not ended its boot after 120 s'
}
is_done() { find_leader && [ -e "/proc/$leader/root/run/cloud-init/result.json" ]; }

check_cloud_init() {
    # Its runcmd is what would take the place of another cloud-config's.
    make_lab '#cloud-config\nwrite_files:\n  - {path: /etc/motd, content: "from the user\\n"}\nruncmd:\n  - [sh, -c, "echo ran >>/root/ran"]\n'
    use_machine web
    if command -v bsdtar >/dev/null; then
        expect 'bsdtar: the user-data' "$(bsdtar -xOf "$disc" user-data | sha)" "$(sha <"$lab/web.yaml")"
        expect 'bsdtar: the names' "$(bsdtar -tf "$disc" | sort | tr '\n' ' ')" '*meta-data network-config user-data vendor-data '
    fi
    root=$bench/cloud pools=$guest/var/lib/hyperv
    cp -a "$cloud" "$root"
    mkdir -p "$root/var/lib/hyperv"
    # There is no eth0 in it, which the boot would wait for.
    ln -sf /dev/null "$root/etc/systemd/system/systemd-networkd-wait-online.service"
    insert_disc || return 0
    boot_with_disc
    first=$(cat "$root/run/cloud-init/result.json" "/proc/$leader/root/run/cloud-init/result.json" 2>/dev/null)
    expect 'first boot: the seed is found, and nothing failed' "$(printf '%s' "$first" | tr -d ' \n')" "*DataSourceNoCloud?seed=$source*"
    expect 'first boot: the name' "$(cat "$root/etc/hostname") $(inside hostname)" 'web web'
    expect 'first boot: the id' "$(cat "$root/var/lib/cloud/data/instance-id")" "$creation"
    expect 'first boot: the service' "$(inside systemctl is-enabled ragnatramp-guest.path 2>&1)" enabled
    expect_same 'first boot: the script' "$root/usr/sbin/ragnatramp-guest" "$files/ragnatramp-guest"
    expect 'first boot: the network' "$(tr -d ' ' <"$root/etc/netplan/50-cloud-init.yaml" | tr '\n' ' ')" '*eth0:*dhcp-identifier:mac dhcp4:true match: driver:hv_netvsc*'
    expect "first boot: the user's file" "$(cat "$root/etc/motd")" 'from the user'
    expect "first boot: the user's command" "$(cat "$root/root/ran")" ran
    expect 'first boot: without a network the daemons are asked for' "$(grep -c "ragnatramp: Hyper-V's daemons could not be installed" "$root/var/log/cloud-init-output.log")" 1
    wait_for 60 script_is_announced
    expect 'first boot: the script has greeted' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* debian 12'
    host
    expect 'it is named' "$(said 'guest web')$(said error)" 'synced KeyValuePair'
    for peer in web db; do expect "getent hosts $peer" "$(inside getent hosts $peer)" "$(address_of $peer) *$peer"; done
    keys=$(cat "$root"/etc/ssh/ssh_host_*_key.pub 2>/dev/null | sha)
    stop_systemd
    boot_with_disc
    expect 'second boot: nothing is done again' "$(cat "$root/root/ran") $(cat "$root"/etc/ssh/ssh_host_*_key.pub 2>/dev/null | sha)" "ran $keys"
    expect 'second boot: the same id' "$(cat "$root/var/lib/cloud/data/instance-id")" "$creation"
    expect 'second boot: nothing is installed again' "$(grep -c "ragnatramp: Hyper-V's daemons could not be installed" "$root/var/log/cloud-init-output.log")" 1
    stop_systemd
    [ -z "$device" ] || losetup --detach "$device"
}

if [ -n "$quick" ]; then skip 'two boots of a Debian: --quick was asked for'
elif ! find_cloud; then skip "$why"
elif ! build_host; then fail "the module could not be built: $(tail -n 1 "$bench/said")"
else check_cloud_init
fi
