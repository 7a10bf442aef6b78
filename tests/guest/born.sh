# shellcheck shell=sh disable=SC2034,SC2154
# Machines from their birth on: Start-RagnaMachine of the built module makes two on the simulated Hyper-V, each with its own
# disc; systems of busybox boot with these in an emulator, with a kernel of Debian's that reads discs, and do what is on them;
# then Invoke-RagnaReconcile sends the names, and `getent hosts` inside knows every machine, as does the host's ssh. That
# kernel reads the discs with Joliet and without, that of Export-RagnaGuest, too. Sourced by run.sh.

group=born
lab=$bench/born-lab
# shellcheck source=tests/guest/born-lab.sh
. "$here/born-lab.sh"

# Sets `kernel` to the folder of make-systems.sh, or `why` to the reason why nothing can be booted here.
find_kernel() {
    [ "$(id -u)" = 0 ] || { why='needs root'; return 1; }
    { bash "$here/make-systems.sh" kernel 2>&1 >"$bench/systems" | tee "$bench/why" >&2; } 2>&1
    kernel=$(cat "$bench/systems")
    [ -n "$kernel" ] || { why=$(tail -n 1 "$bench/why"); return 1; }
}

# boot_born NAME: boots the system with the machine's disc in the first drive and that of Export-RagnaGuest in the second;
# `machine` is then its process here, which ends with the system, and after half an hour at the latest. The processor is
# emulated, since a KVM inside a virtual machine may be offered and hang; with no_timer_check, since the kernel would else
# measure the clock of a busy computer and give up.
boot_born() {
    use_machine "$1"
    timeout 1800 qemu-system-x86_64 -accel tcg -M pc -m 192 -nodefaults -no-user-config -display none -no-reboot \
        -uuid "$(hardware_of "$1")" \
        -kernel "$kernel/vmlinuz" -initrd "$bench/system.cpio" -append 'console=ttyS0 quiet panic=-1 no_timer_check' \
        -serial "file:$bench/console-$1" \
        -device virtio-scsi-pci -device scsi-cd,drive=own -drive "if=none,id=own,file=$disc,readonly=on,format=raw" \
        -device scsi-cd,drive=guest -drive "if=none,id=guest,file=$lab/guest.iso,readonly=on,format=raw" \
        -fsdev "local,id=host,path=$guest,security_model=none" -device virtio-9p-pci,fsdev=host,mount_tag=host \
        </dev/null >"$bench/emulator-$1" 2>&1 &
    machine=$!
    running="$running TERM:$machine"
}
is_born_or_ended() { script_is_announced || ! kill -0 "$machine" 2>/dev/null; }
hardware_of() { case $1 in web) echo 22222222-0000-4000-8000-000000000001 ;; *) echo 22222222-0000-4000-8000-000000000002 ;; esac; }

# tell COMMAND: to the machine whose folder is $guest. ask COMMAND: the same; output: what COMMAND said there.
tell() { printf '%s\n' "$1" >"$guest/question.new" && mv "$guest/question.new" "$guest/question"; }
ask() {
    rm -f "$guest/answer"
    tell "$1"
    if wait_for 60 test -e "$guest/answer"; then cat "$guest/answer"; else echo 'no answer'; fi
}

# What must be on the discs, in the folders $bench/meant/NAME: written here, and not read from a disc.
write_meant() {
    mkdir -p "$bench/meant/web" "$bench/meant/db" "$bench/meant/guest"
    exported_files | while read -r file; do
        mkdir -p "$(dirname "$bench/meant/guest/$file")"
        cp "$files/$file" "$bench/meant/guest/$file"
        printf "put %s <<'END'\n" "$file" && base64 -w 76 "$files/$file" && echo END
    done >"$bench/puts"
    for name in web db; do
        use_machine $name
        printf 'instance-id: "%s"\nlocal-hostname: "%s"\n' "$creation" $name >"$bench/meant/$name/meta-data"
        printf 'version: 2\nethernets:\n  eth0:\n    match:\n      driver: hv_netvsc\n    dhcp4: true\n    dhcp-identifier: mac\n' \
            >"$bench/meant/$name/network-config"
        sed -e "/^#@files\$/{r $bench/puts" -e 'd;}' "$here/../../src/guest/media/vendor-data.sh" >"$bench/meant/$name/vendor-data"
    done
    cp "$lab/web.yaml" "$bench/meant/web/user-data"
    printf '#cloud-config\n{}\n' >"$bench/meant/db/user-data"
}

# expect_disc NAME DRIVE: the kernel finds on the disc in the drive what is in $bench/meant/NAME, and nothing else. Without Joliet
# the names are those of ISO 9660, which the kernel shows in small letters.
expect_disc() {
    for options in ro ro,nojoliet,norock; do
        (cd "$bench/meant/$1" && find . -type f -exec sha256sum '{}' +) >"$bench/wanted"
        case $options in *nojoliet*) tr - _ <"$bench/wanted" >"$bench/plain" && mv "$bench/plain" "$bench/wanted" ;; esac
        sort "$bench/wanted" -o "$bench/wanted"
        ask "mount -t iso9660 -o $options /dev/$2 /disc && cd /disc && find . -type f -exec sha256sum '{}' + && cd / && umount /disc" |
            sort >"$bench/found"
        expect_same "the kernel reads the disc of $1 ($options)" "$bench/found" "$bench/wanted"
    done
}

# What the user had in the ssh config stands there as it was, and ssh finds the machines by what was written behind it.
check_ssh() {
    head -c "$(wc -c <"$bench/own-config")" "$lab/.ssh/config" >"$bench/found"
    expect_same "ssh: the user's own entries" "$bench/found" "$bench/own-config"
    command -v ssh >/dev/null || { skip 'ssh -G: ssh is not installed (Debian: openssh-client)'; return; }
    for name in web db; do
        ssh -G -F "$lab/.ssh/config" $name >"$bench/asked" 2>&1
        expect "ssh -G $name" "$(sed -n 's/^hostname //p' "$bench/asked")" "$(address_of $name)"
    done
    ssh -G -F "$lab/.ssh/config" mine >"$bench/asked" 2>&1
    expect 'ssh -G mine' "$(grep -e '^hostname ' -e '^user ' "$bench/asked" | sort | tr '\n' ' ')" 'hostname 192.0.2.1 user me '
}

check_born() {
    mkdir -p "$lab/.ssh"
    printf 'Host mine\r\n\tHostName   192.0.2.1\n  User me\n# \377, and no line end' >"$bench/own-config"
    cp "$bench/own-config" "$lab/.ssh/config"
    # Byte for byte, also what is no UTF-8.
    make_lab '#cloud-config\r\n# \377\n'
    write_meant
    cp -a "$kernel/system" "$bench/born"
    cp "$here/born-init.sh" "$bench/born/init"
    chmod 755 "$bench/born/init"
    printf '127.0.0.1 localhost\n' >"$bench/born/etc/hosts"
    chroot "$bench/born" /bin/sh -c 'find . | cpio -o -H newc' >"$bench/system.cpio" 2>"$bench/said"
    began_boot=$(date +%s)
    boot_born db
    db_machine=$machine
    boot_born web
    web_machine=$machine
    for name in web db; do
        use_machine $name
        [ $name = web ] || machine=$db_machine
        wait_for 300 is_born_or_ended
        if ! script_is_announced; then
            fail "$name has not booted: $(tail -n 3 "$bench/console-$name" "$bench/emulator-$name")"
            return
        fi
        expect "$name: its script has greeted" "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* busybox 1'
    done
    printf 'born: two machines have booted and installed their files after %s s\n' $(($(date +%s) - began_boot))
    host
    expect 'web is named' "$(said 'guest web')" 'synced KeyValuePair'
    expect 'db is named' "$(said 'guest db')" 'synced KeyValuePair'
    expect 'nothing went wrong' "$(said error)$(said warning)" ''
    expect 'both names have addresses' "$(grep -c '^172\.20\.144\.1[0-9] \(web\|db\)$' "$lab/block")" 2
    check_ssh
    for name in web db; do
        use_machine $name
        expect "$name: its own name" "$(ask hostname)" $name
        for peer in web db; do
            expect "$name: getent hosts $peer" "$(ask "getent hosts $peer")" "$(address_of $peer) *$peer"
        done
        ask 'cat /etc/hosts' >"$bench/found"
        { printf '127.0.0.1 localhost\n\n'; cat "$lab/block"; } >"$bench/wanted"
        expect_same "$name: the hosts file" "$bench/found" "$bench/wanted"
        expect "$name: the script" "$(ask 'sha256sum </usr/sbin/ragnatramp-guest' | cut -c 1-64)" "$(sha <"$files/ragnatramp-guest")"
        expect "$name: its VM and its hardware are known" "$(ask 'cat /var/lib/ragnatramp/vm')" "$id $(hardware_of $name)"
        expect "$name: what is left to the user is said" \
            "$(grep -c "^ragnatramp: Hyper-V's daemons could not be installed" "$guest/vendor-data.log")" 1
        expect_disc $name sr0
    done
    expect_disc guest sr1
    for name in web db; do use_machine $name; tell 'poweroff -f'; done
    wait "$web_machine" "$db_machine"
}

if ! find_kernel; then skip "$why"
elif ! build_host; then fail "the module could not be built: $(tail -n 1 "$bench/said")"
else check_born
fi
