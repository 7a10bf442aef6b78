# shellcheck shell=sh disable=SC2034,SC2154
# A real cloud-init takes the disc that Start-RagnaMachine writes for a machine's first boot: a Debian, booted by its systemd, with the
# disc as a block device; where the kernel mounts none, with the disc's files in cloud-init's own folder for them. It has the machine's name afterwards, this tool's service, the network as the disc says, and what the
# user's own user-data asks for; its second boot does nothing of that again. Sourced by run.sh.

group=cloud-init
lab=$bench/seeded

# Sets `cloud` to a Debian with cloud-init, or `why` to the reason why there is none.
find_cloud() {
    [ "$(id -u)" = 0 ] || { why='needs root'; return 1; }
    command -v losetup >/dev/null || { why='losetup is not installed'; return 1; }
    command -v systemd-nspawn >/dev/null || { why='systemd-nspawn is not installed (Debian: systemd-container)'; return 1; }
    { bash "$here/make-systems.sh" cloud 2>&1 >"$bench/systems" | tee "$bench/why" >&2; } 2>&1
    cloud=$(cat "$bench/systems")
    [ -n "$cloud" ] || { why=$(tail -n 1 "$bench/why"); return 1; }
}

# insert_disc: puts the disc where the cloud-init in $guest looks.
insert_disc() {
    # In a container cloud-init looks at no disc of itself; on a machine it needs no such line.
    printf 'datasource_list: [NoCloud, None]\n' >"$guest/etc/cloud/cloud.cfg.d/99-container.cfg"
    device='' seed="$guest/var/lib/cloud/seed/nocloud"
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

# Boots $guest with the disc, and waits until cloud-init has done what it does at a boot.
boot_with_disc() {
    # shellcheck disable=SC2086 # words
    systemd-nspawn $container $with -D "$guest" -b </dev/null >"$bench/console" 2>&1 &
    machine=$!
    running="$running TERM:$machine"
    wait_for 120 is_done || fail 'cloud-init has not ended its boot after 120 s'
}
is_done() { find_leader && [ -e "/proc/$leader/root/run/cloud-init/result.json" ]; }

check_cloud_init() {
    mkdir -p "$lab"
    # Its runcmd is what would take the place of another cloud-config's.
    printf '#cloud-config\nwrite_files:\n  - {path: /etc/motd, content: "from the user\\n"}\nruncmd:\n  - [sh, -c, "echo ran >>/root/ran"]\n' >"$lab/web.yaml"
    "$here/../../tools/pwsh" -NoProfile -NonInteractive -File "$here/Invoke-Seed.ps1" -Folder "Z:$lab" </dev/null 2>&1 | tr -d '\r' >"$bench/host"
    disc=$lab/$(sed -n 's/^disc: //p' "$bench/host") id=$(sed -n 's/^id: //p' "$bench/host")
    expect 'the disc is written' "$(wc -c <"$disc")" '[1-9]*'
    if command -v bsdtar >/dev/null; then
        expect 'bsdtar: the user-data' "$(bsdtar -xOf "$disc" user-data | sha)" "$(sha <"$lab/web.yaml")"
        expect 'bsdtar: the names' "$(bsdtar -tf "$disc" | sort | tr '\n' ' ')" '*meta-data network-config user-data vendor-data '
    fi
    guest=$bench/cloud
    cp -a "$cloud" "$guest"
    # There is no eth0 in it, which the boot would wait for.
    ln -sf /dev/null "$guest/etc/systemd/system/systemd-networkd-wait-online.service"
    insert_disc || return 0
    boot_with_disc
    first=$(cat "$guest/run/cloud-init/result.json" "/proc/$leader/root/run/cloud-init/result.json" 2>/dev/null)
    expect 'first boot: the seed is found, and nothing failed' "$(printf '%s' "$first" | tr -d ' \n')" "*DataSourceNoCloud?seed=$source*"
    expect 'first boot: the name' "$(cat "$guest/etc/hostname") $(inside hostname)" 'web web'
    expect 'first boot: the id' "$(cat "$guest/var/lib/cloud/data/instance-id")" "$id"
    expect 'first boot: the service' "$(inside systemctl is-enabled ragnatramp-guest.path 2>&1)" enabled
    expect_same 'first boot: the script' "$guest/usr/sbin/ragnatramp-guest" "$files/ragnatramp-guest"
    expect 'first boot: the network' "$(tr -d ' ' <"$guest/etc/netplan/50-cloud-init.yaml" | tr '\n' ' ')" '*eth0:*dhcp-identifier:mac dhcp4:true match: driver:hv_netvsc*'
    expect "first boot: the user's file" "$(cat "$guest/etc/motd")" 'from the user'
    expect "first boot: the user's command" "$(cat "$guest/root/ran")" ran
    expect 'first boot: without a network the daemons are asked for' "$(grep -c "ragnatramp: Hyper-V's daemons could not be installed" "$guest/var/log/cloud-init-output.log")" 1
    keys=$(cat "$guest"/etc/ssh/ssh_host_*_key.pub 2>/dev/null | sha)
    stop_systemd
    boot_with_disc
    expect 'second boot: nothing is done again' "$(cat "$guest/root/ran") $(cat "$guest"/etc/ssh/ssh_host_*_key.pub 2>/dev/null | sha)" "ran $keys"
    expect 'second boot: the same id' "$(cat "$guest/var/lib/cloud/data/instance-id")" "$id"
    expect 'second boot: nothing is installed again' "$(grep -c "ragnatramp: Hyper-V's daemons could not be installed" "$guest/var/log/cloud-init-output.log")" 1
    stop_systemd
    [ -z "$device" ] || losetup --detach "$device"
}

if [ -n "$quick" ]; then skip 'two boots of a Debian: --quick was asked for'
elif ! find_cloud; then skip "$why"
elif ! build_host; then fail "the module could not be built: $(tail -n 1 "$bench/said")"
else check_cloud_init
fi
