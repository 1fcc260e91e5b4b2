#!/bin/sh
# First process of the emulated machine: runs every test program and says on the serial console what came of it.
# shellcheck disable=SC2154 # programs.sh, made by initramfs.py, sets what is not set here.
export PATH=/bin:/usr/bin RUST_BACKTRACE=0

# The kernel's first root cannot be pivoted away from, which the sandbox does. A bind mount of it can.
if [ "$1" != again ]; then
    mount -o bind / /new
    cd /new || exit
    mount -o move . /
    exec chroot . /init again
fi

run_tests() {
    for test in $tests; do
        name=${test%%:*} rest=${test#*:}
        path=${rest#*:} threads=${rest%%:*}
        case " $2 " in *" $name "*) ;; "  ") ;; *) continue ;; esac
        echo "=== begin $1/$name"
        # shellcheck disable=SC2086
        "$path" --test-threads="$threads" --show-output $skip 2>/tmp/err </dev/null
        code=$?
        [ $code = 0 ] || tail -n 40 /tmp/err
        echo "=== end $1/$name $code, $(cut -d ' ' -f 1 /proc/uptime) s after the start"
    done
}

[ "$2" = container ] || mount -t devtmpfs devtmpfs /dev
exec </dev/null >/dev/ttyS0 2>&1
# shellcheck source=/dev/null
. /programs.sh
export EXECUTION_ENVIRONMENT_TEST_SLOWDOWN="$slowdown"

# In a container: a cgroup namespace whose topmost cgroup is not the machine's root, with processes living in it.
if [ "$2" = container ]; then
    umount /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    echo "=== isolation container $("$environment" check | tr -d '\n')"
    run_tests container "ahead isolation"
    exit
fi

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
insmod /overlay.ko
ifconfig lo 127.0.0.1 up
chmod 666 /dev/null /dev/zero /dev/full /dev/random /dev/urandom

echo "=== kernel $(uname -r)"
echo "=== isolation machine $("$environment" check | tr -d '\n')"
run_tests machine ""

echo "+cpu +memory +pids" >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/container
# shellcheck disable=SC2016
sh -c 'echo $$ >/sys/fs/cgroup/container/cgroup.procs; exec "$0" --cgroup --mount /init again container' "$unshare"

echo "=== done"
sync
poweroff -f
