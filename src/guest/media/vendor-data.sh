#!/bin/sh
# Written by Ragnatramp for the first boot of this machine: installs what takes the names of its lab from Hyper-V, and the
# distribution's own Hyper-V daemons, which carry them. It is a script and no cloud-config, because the keys of a cloud-config
# here would give way to equal keys of the user's own. Where there is no network the daemons stay away, and nothing fails.
umask 022
folder=/usr/lib/ragnatramp/guest
say() { printf '%s\n' "ragnatramp: $*"; }
# put NAME: the file NAME of what is read, in base64.
# shellcheck disable=SC2317 # by the lines that come in the place of the next one
put() { mkdir -p "$(dirname "$folder/$1")" && base64 -d >"$folder/$1" && chmod 755 "$folder/$1"; }
#@files
sh "$folder/install.sh" || say 'its files could not be installed; see above'

# bounded COMMAND...: waits for no answer, and no longer than a quarter of an hour.
bounded() { timeout 900 "$@" </dev/null; }
apt() {
    bounded env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
        -o Acquire::https::Timeout=20 -o DPkg::Lock::Timeout=300 "$@"
}
# daemons: installs the Hyper-V daemons of this distribution.
daemons() {
    ID='' ID_LIKE=''
    # shellcheck source=/dev/null
    [ ! -r /etc/os-release ] || . /etc/os-release
    case " $ID $ID_LIKE " in
    *' ubuntu '*)
        apt update
        # Those of the kernel that runs, which may be an older one than the package's own.
        apt --no-install-recommends install "linux-cloud-tools-$(uname -r)" || :
        apt --no-install-recommends install linux-cloud-tools-virtual
        ;;
    *' debian '*)
        apt update
        apt --no-install-recommends install hyperv-daemons
        ;;
    *' fedora '* | *' rhel '* | *' centos '*) bounded dnf -q -y install hyperv-daemons ;;
    *' suse '* | *' opensuse '*) bounded zypper --quiet --non-interactive install hyper-v ;;
    *)
        say "no package of Hyper-V's daemons is known for '$ID'"
        return 1
        ;;
    esac
}
if daemons; then
    for unit in hv-kvp-daemon hypervkvpd hv_kvp_daemon; do
        systemctl start "$unit.service" 2>/dev/null || :
    done
else
    say "Hyper-V's daemons could not be installed; without them no names come in. Install them when there is a network:" \
        'hyperv-daemons (Debian, RHEL, Fedora), linux-cloud-tools-virtual (Ubuntu), hyper-v (openSUSE)'
fi
exit 0
