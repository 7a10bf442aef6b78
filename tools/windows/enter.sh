#!/bin/sh
# enter.sh DEBIAN COMMAND...: runs COMMAND with the programs and libraries of the Debian in folder DEBIAN, and with every
# other folder of this machine as it is. To be started in a mount namespace of its own (unshare --mount): what is mounted
# here is seen by COMMAND alone and is gone with it.
set -eu
debian=$1
shift
# In the caller's own namespace this would change the whole machine.
if [ "$(readlink /proc/self/ns/mnt)" = "$(readlink "/proc/$PPID/ns/mnt")" ]; then
    echo 'enter.sh: not in a mount namespace of its own; nothing was mounted' >&2
    exit 125
fi
mount --rbind /usr/local "$debian/usr/local"
mount --rbind "$debian/usr" /usr
# The list of where libraries are belongs to /usr.
[ ! -e /etc/ld.so.cache ] || mount --bind "$debian/etc/ld.so.cache" /etc/ld.so.cache
exec "$@"
