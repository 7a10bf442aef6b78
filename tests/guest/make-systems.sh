#!/usr/bin/env bash
# make-systems.sh: sees to it that there are systems for the guest tests to boot, and prints the folder that holds them.
# `debian` is a Debian 12 with systemd and cron, `busybox` a system of busybox and OpenRC. With the word `cloud`: the folder of a
# Debian 12 with cloud-init and netplan. With the word `kernel`: the folder of a Debian kernel (`vmlinuz`) and of the busybox system with that
# kernel's modules (`system`), and QEMU is then installed. Made once, below the project's cache; a test boots a copy.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR
{
    . "$here/../../tools/windows/cache.sh"
    . "$here/../../tools/windows/packages.sh"
    . "$here/../../tools/windows/debian-root.sh"
}

make_systems() {
    local mirror
    mkdir "$1"
    for mirror in $(debian_mirrors); do
        printf 'trying %s\n' "$mirror"
        rm -rf --one-file-system "$1/debian"
        # What debootstrap mounts is mounted for it alone, so nothing stays behind, however it ends.
        unshare --mount debootstrap --variant=minbase --include=systemd,dbus,cron,busybox,openrc bookworm "$1/debian" "$mirror" || continue
        make_busybox "$1/debian" "$1/busybox"
        chroot "$1/debian" dpkg --purge openrc insserv busybox
        rm -rf --one-file-system "$1"/debian/var/cache/apt/archives/*.deb "$1"/debian/var/lib/apt/lists/*
        return
    done
    echo 'no package source of this machine is a Debian mirror that holds Debian 12 (bookworm);' \
        'set RAGNATRAMP_DEBIAN_MIRROR to the address of one'
    return 1
}

# The dependency of python3-cryptography is a virtual package, which debootstrap does not follow.
make_cloud() {
    local mirror
    for mirror in $(debian_mirrors); do
        printf 'trying %s\n' "$mirror"
        rm -rf --one-file-system "$1"
        unshare --mount debootstrap --variant=minbase \
            --include=systemd,systemd-sysv,dbus,udev,iproute2,openssh-server,netplan.io,python3-cffi-backend,cloud-init bookworm "$1" "$mirror" || continue
        rm -rf --one-file-system "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
        return
    done
    echo 'no package source of this machine is a Debian mirror that holds Debian 12 (bookworm);' \
        'set RAGNATRAMP_DEBIAN_MIRROR to the address of one'
    return 1
}

# make_busybox FROM TO: OpenRC, getent and busybox, which is everything else; the libraries that they are linked to.
make_busybox() {
    local from=$1 to=$2 path
    mkdir -p "$to"/{bin,sbin,usr/bin,proc,dev,run,tmp,root,etc/init.d,etc/runlevels/default,var/lib}
    for path in bin/busybox bin/rc-status sbin/{openrc,openrc-run,rc-service,rc-update} lib/rc usr/bin/getent \
        etc/rc.conf etc/insserv.conf etc/insserv.conf.d; do
        mkdir -p "$(dirname "$to/$path")"
        cp -a "$from/$path" "$to/$path"
    done
    # ldd fails for what is not linked.
    { find "$to" -type f -perm -100 -printf '/%P\n' | while read -r path; do chroot "$from" ldd "$path" 2>&1 || true; done; } |
        grep -o '/lib[^ ]*' | sort -u | while read -r path; do
        mkdir -p "$to${path%/*}"
        cp -L "$from$path" "$to$path"
    done
    chroot "$to" /bin/busybox --install -s /bin
    mknod "$to/dev/null" c 1 3
    mknod "$to/dev/zero" c 1 5
    printf 'ID=busybox\nVERSION_ID=1\n' >"$to/etc/os-release"
    # What every system with OpenRC has, and this one has nothing to do for.
    printf '#!/sbin/openrc-run\nstart() { :; }\n' >"$to/etc/init.d/localmount"
    chmod 755 "$to/etc/init.d/localmount"
}

# What reads a disc and a folder that is shared with the host, in the order in which it is loaded. A kernel without some of them
# has what they do in others.
modules=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci scsi_common scsi_mod virtio_scsi cdrom sr_mod isofs
    netfs fscache 9pnet 9pnet_virtio 9p)

# make_kernel BUSYBOX TO. The kernel of Debian's own package, out of which it is taken without being installed.
make_kernel() {
    local busybox=$1 to=$2 package module patterns=()
    mkdir "$to"
    cp -a "$busybox" "$to/system"
    mkdir -p "$to/system"/{sys,host,disc,lib/modules}
    cd "$to"
    [[ -n $(kernel_package) ]] || apt-get update -qq || true
    package=$(kernel_package)
    [[ -n $package ]] || { echo 'no package source of this machine has linux-image-amd64'; return 1; }
    if ! apt-get -o APT::Sandbox::User=root download "$package"; then
        # The lists may be older than what the mirror still holds.
        apt-get update -qq
        package=$(kernel_package)
        apt-get -o APT::Sandbox::User=root download "$package"
    fi
    for module in "${modules[@]}"; do patterns+=("*/$module.ko*"); done
    # tar fails where the archive lacks one of the modules.
    dpkg-deb --fsys-tarfile "$package"_*.deb |
        tar -x --wildcards --transform='s|.*/||' '*/vmlinuz-*' "${patterns[@]}" || true
    mv vmlinuz-* vmlinuz
    ! compgen -G '*.ko.xz' >/dev/null || xz -d -- *.ko.xz
    mv -- *.ko system/lib/modules
    [[ -e system/lib/modules/isofs.ko && -e system/lib/modules/9p.ko ]] || { echo "$package has no isofs or no 9p"; return 1; }
    printf '%s\n' "${modules[@]}" >system/lib/modules/order
    rm -- "$package"_*.deb
}

# Output: the package that holds the newest kernel; nothing where the lists of packages do not know one.
kernel_package() {
    { apt-cache depends --important linux-image-amd64 2>/dev/null || true; } |
        sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p'
}

[[ $(id -u) -eq 0 ]] || fail 'needs root'
need debootstrap debootstrap
VERSION_CODENAME=''
# shellcheck source=/dev/null
! [[ -r /etc/os-release ]] || . /etc/os-release
if [[ ${1:-} == cloud ]]; then
    made guest/cloud-r1 'a Debian with cloud-init for the guest tests (about 90 s, 0.4 GB)' make_cloud
    printf '%s\n' "$cache/guest/cloud-r1"
    exit
fi
[[ ${1:-} != kernel || $(uname -m) == x86_64 ]] || fail "the kernel is one for x86_64, this is $(uname -m)"
made guest/systems-r1 'a Debian and a busybox system for the guest tests (about 70 s, 0.25 GB)' make_systems
if [[ ${1:-} == kernel ]]; then
    need qemu-system-x86_64 qemu-system-x86
    made guest/kernel-r1 "a Debian kernel for the guest tests (about 15 s, 20 MB)" make_kernel "$cache/guest/systems-r1/busybox"
    printf '%s\n' "$cache/guest/kernel-r1"
    exit
fi
printf '%s\n' "$cache/guest/systems-r1"
