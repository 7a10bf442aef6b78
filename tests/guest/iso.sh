# shellcheck shell=sh disable=SC2034,SC2154
# The disc image of Export-RagnaGuest, as other programs read it: the kernel with Joliet and without, blkid as cloud-init asks
# it, bsdtar, isoinfo; and the installer started from the mounted disc. Sourced by run.sh.

group=iso
image=$bench/guest.iso

# expect_files NAME FOLDER: every guest file is there, byte for byte, and the two files of a seed for cloud-init.
expect_files() {
    (cd "$2" && find . -type f | sed 's#^\./##' | sort) >"$bench/found"
    { exported_files; echo meta-data; echo user-data; } | sort >"$bench/wanted"
    expect_same "$1: the names" "$bench/found" "$bench/wanted"
    exported_files | while read -r file; do cmp "$files/$file" "$2/$file"; done >"$bench/differ" 2>&1
    expect "$1: the contents" "$(cat "$bench/differ")" ''
    expect_same "$1: the document for cloud-init" "$2/user-data" "$bench/user-data"
    expect "$1: the id of its instance" "$(cat "$2/meta-data")" 'instance-id: ragnatramp-guest-????????????????'
}

# with_disc OPTIONS COMMAND...: COMMAND with the image mounted at $bench/disc, in a mount namespace of its own.
with_disc() {
    options=$1
    shift
    unshare --mount sh -c "mount -t iso9660 -o loop,ro,$options '$image' '$bench/disc' && exec \"\$@\"" sh "$@"
}

check_mounted() {
    mkdir -p "$bench/disc" "$bench/copy"
    if ! why=$(with_disc exec true 2>&1); then skip "mounted: $(printf '%s' "$why" | head -n 1)"; return; fi
    with_disc exec cp -r "$bench/disc/." "$bench/copy"
    expect_files mounted "$bench/copy"
    with_disc nojoliet ls "$bench/disc" | sort | tr '\n' ' ' >"$bench/plain"
    expect 'mounted without Joliet' "$(cat "$bench/plain")" 'cron hosts.sh install.sh meta_data openrc paths.sh ragnatramp_guest systemd uninstall.sh user_data '
    for options in exec noexec; do
        new_guest "from-disc-$options"
        with_disc $options sh "$bench/disc/install.sh" --root "$guest" --with systemd >"$bench/said" 2>&1
        expect "installed from the disc ($options)" "$? $(tail -n 1 "$bench/said")" '0 *'
        expect_same "installed from the disc ($options): the script" "$guest/usr/sbin/ragnatramp-guest" "$files/ragnatramp-guest"
    done
}

check_iso() {
    # A dollar sign of PowerShell's would be the shell's here, so there is none.
    "$here/../../tools/pwsh" -NoProfile -NonInteractive -Command "Import-Module Z:$(cd "$here/../.." && pwd)/dist/Ragnatramp
        Export-RagnaGuest 'Z:$image' -As Seed; Export-RagnaGuest 'Z:$bench/user-data' -As CloudInit" </dev/null >"$bench/said" 2>&1
    expect 'written' "$(wc -c <"$image")" '[1-9]*'
    if command -v blkid >/dev/null; then
        expect 'blkid' "$(blkid -p -o value -s TYPE -s LABEL "$image" | tr '\n' ' ')" 'cidata iso9660 '
    else
        skip 'blkid is not installed'
    fi
    if command -v bsdtar >/dev/null; then
        mkdir -p "$bench/bsdtar"
        bsdtar -xf "$image" -C "$bench/bsdtar" >"$bench/said" 2>&1
        expect 'bsdtar: nothing to complain of' "$? $(cat "$bench/said")" '0 '
        expect_files bsdtar "$bench/bsdtar"
    else
        skip 'bsdtar is not installed (Debian: libarchive-tools)'
    fi
    if command -v isoinfo >/dev/null; then
        expect 'isoinfo: the volume' "$(isoinfo -d -i "$image" | grep -e '^Volume id' -e Joliet | tr '\n' ' ')" 'Volume id: cidata *Joliet with UCS level 3 found*'
        expect 'isoinfo: a file of Joliet' "$(isoinfo -J -x '/systemd/ragnatramp-guest.path;1' -i "$image" | sha)" "$(sha <"$files/systemd/ragnatramp-guest.path")"
        expect 'isoinfo: a file of ISO 9660' "$(isoinfo -x '/SYSTEMD/RAGNATRAMP_GUEST.PATH;1' -i "$image" | sha)" "$(sha <"$files/systemd/ragnatramp-guest.path")"
    else
        skip 'isoinfo is not installed (Debian: genisoimage)'
    fi
    if [ "$(id -u)" = 0 ]; then check_mounted; else skip 'mounted: needs root'; fi
}

if build_host; then check_iso; else fail "the module could not be built: $(tail -n 1 "$bench/said")"; fi
