#!/bin/sh
# The first process of a machine of born.sh: a system of busybox and OpenRC on a kernel of its own. At its boot it does what
# cloud-init does with a NoCloud disc, as far as a system without one can: it takes the machine's name and runs the vendor-data.
# The folder /host is the host's: in it lie the pools of Data Exchange, which the simulated Hyper-V writes as the guest's
# daemon would, and the test's commands.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do
    [ ! -e "/lib/modules/$module.ko" ] || insmod "/lib/modules/$module.ko"
done </lib/modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,cache=none host /host
mkdir -p /var/lib/hyperv
mount --bind /host/var/lib/hyperv /var/lib/hyperv

disc='' tries=50
until disc=$(findfs LABEL=cidata) || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    sleep 0.1 # the drive is found a moment after its driver is loaded
done
mount -t iso9660 -o ro "$disc" /disc
hostname "$(sed -n 's/^local-hostname: "\(.*\)"$/\1/p' /disc/meta-data)"
sh /disc/vendor-data >/host/vendor-data.log 2>&1
umount /disc
mkdir -p /run/openrc
: >/run/openrc/softlevel
openrc default

while :; do
    if [ -e /host/question ]; then
        mv /host/question /host/asked
        sh /host/asked >/host/answer.new 2>&1 </dev/null
        mv /host/answer.new /host/answer
    fi
    sleep 0.2
done
