# shellcheck shell=bash
# A Debian 13 whose Wine is good enough for PowerShell: Wine 10. Debian 12's Wine 8 starts PowerShell, but .NET dies in
# it, and it lacks a DLL that every Rust library imports. On Debian 13 and newer the machine's own Wine is taken.

# Sets `debian` to the folder whose /usr is to be used, or to nothing where the machine's own is.
debian_root() {
    [[ $(uname -m) == x86_64 ]] || fail "Wine runs PowerShell on x86_64 only, this is $(uname -m)"
    local ID='' VERSION_ID='' VERSION_CODENAME=''
    # shellcheck source=/dev/null
    ! [[ -r /etc/os-release ]] || . /etc/os-release
    if [[ $ID == debian && ${VERSION_ID:-99} -ge 13 ]]; then
        debian=''
        [[ -x /usr/bin/wine-stable ]] || need wine-stable wine
        return
    fi
    debian=$cache/windows/debian-13-r2
    [[ ! -e $debian ]] || return 0
    [[ $(id -u) -eq 0 ]] || fail "the set-up makes a Debian 13 with Wine beside this system, which takes root: run it once as root"
    need debootstrap debootstrap
    made windows/debian-13-r2 'Debian 13 with Wine 10 (about 80 s, 1.4 GB)' make_debian_root
}

# The Debian mirrors that this machine's own package manager uses; the machine's own release first.
debian_mirrors() {
    if [[ -n ${RAGNATRAMP_DEBIAN_MIRROR:-} ]]; then
        printf '%s\n' "$RAGNATRAMP_DEBIAN_MIRROR"
        return
    fi
    # shellcheck disable=SC2016 # the $(...) are apt's
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 'Component: main' |
        awk -v release="${VERSION_CODENAME:-}" '$1 == release { first[n++] = $2; next } { rest[m++] = $2 }
            END { for (i = 0; i < n; i++) print first[i]; for (i = 0; i < m; i++) print rest[i] }' | awk '!seen[$0]++'
}

make_debian_root() {
    local mirror
    for mirror in $(debian_mirrors); do
        printf 'trying %s\n' "$mirror"
        rm -rf --one-file-system "$1"
        # mawk is for the guests of the simulated Hyper-V: their script runs in there, too.
        # What debootstrap mounts is mounted for it alone, so nothing stays behind, however it ends.
        if unshare --mount debootstrap --variant=minbase --include=wine64,wine,mawk trixie "$1" "$mirror"; then
            # Of this Debian only /usr is used: a link by way of /etc would end in the machine's own.
            ln -sf mawk "$1/usr/bin/awk"
            rm -rf --one-file-system "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
            return
        fi
    done
    echo 'no package source of this machine is a Debian mirror that holds Debian 13 (trixie);' \
        'set RAGNATRAMP_DEBIAN_MIRROR to the address of one'
    return 1
}
