# shellcheck shell=sh disable=SC2034,SC2154
# The script that a machine's first boot runs (vendor-data of its disc): which package of Hyper-V's daemons it installs where, that the
# guest files come first, and that nothing that fails is a failure of the boot. Package managers are played. Sourced by run.sh.

group=daemons
rig=$bench/daemons

# first_boot OS-RELEASE [FAILS]: one run on a system of that kind; FAILS: package managers fail. What was called is in $rig/called.
first_boot() {
    rm -rf "$rig"
    mkdir -p "$rig/bin"
    printf '%b' "$1" >"$rig/os-release"
    for tool in apt-get dnf zypper systemctl sh-install; do
        # shellcheck disable=SC2016 # for the script
        printf '#!/bin/sh\nprintf "%%s %%s\\n" "${0##*/}" "$*" >>"%s/called"\n%s\n' "$rig" "${2:+exit 1}" >"$rig/bin/$tool"
    done
    printf '#!/bin/sh\necho 6.1.0-test\n' >"$rig/bin/uname"
    chmod 755 "$rig"/bin/*
    installer=$(printf 'sh-install of the guest files\n' | base64)
    sed -e "s|/etc/os-release|$rig/os-release|g" -e "s|^folder=.*|folder=$rig/guest|" \
        -e "s|^#@files|put install.sh <<'END'\n$installer\nEND|" "$files/../../src/guest/media/vendor-data.sh" >"$rig/vendor-data"
    : >"$rig/called"
    PATH=$rig/bin:$PATH sh "$rig/vendor-data" >"$rig/said" 2>&1
    status=$?
}
# packages: what was to be installed, one line for each call.
packages() { sed -n 's/.* install //p' "$rig/called" | tr '\n' ' '; }

for case in 'ID=debian|hyperv-daemons ' 'ID=raspbian\nID_LIKE=debian|hyperv-daemons ' \
    'ID=ubuntu\nID_LIKE=debian|linux-cloud-tools-6.1.0-test linux-cloud-tools-virtual ' \
    'ID=linuxmint\nID_LIKE="ubuntu debian"|linux-cloud-tools-6.1.0-test linux-cloud-tools-virtual ' \
    'ID=fedora|hyperv-daemons ' 'ID="almalinux"\nID_LIKE="rhel centos fedora"|hyperv-daemons ' 'ID="rhel"\nID_LIKE="fedora"|hyperv-daemons ' \
    'ID="opensuse-leap"\nID_LIKE="suse opensuse"|hyper-v ' 'ID="sles"\nID_LIKE="suse"|hyper-v ' 'ID=alpine|' '|'; do
    system=${case%|*}
    first_boot "$system"
    expect "$system: the packages" "$status $(packages)" "0 ${case#*|}"
    expect "$system: the guest files come first" "$(head -n 1 "$rig/called")" 'sh-install of the guest files'
    first_boot "$system" fails
    expect "$system: without a network nothing fails" "$status" 0
    expect "$system: and it says what to do" "$(cat "$rig/said")" "*Hyper-V's daemons could not be installed*hyperv-daemons (Debian, RHEL, Fedora)*"
done
first_boot 'ID=debian'
expect 'no question is asked, and no wait is without end' "$(grep -c 'apt-get -q -y -o Acquire::Retries=1 .*Timeout=' "$rig/called")" 2
expect 'the daemon is started' "$(grep -c '^systemctl start hv-kvp-daemon.service' "$rig/called")" 1
