#!/usr/bin/env bash
# Run at each start of the devcontainer: makes the container's own part of the cgroup tree usable.
#
# Docker mounts /sys/fs/cgroup read-only unless the container is privileged. With SYS_ADMIN it can be mounted
# writable again, which here means the container's own subtree (--cgroupns=private), not the host's.
# On cgroup v2 a group that hands controllers to its children may hold no process itself, so ours move to a child.
set -euo pipefail

root=/sys/fs/cgroup

# One mount on cgroup v2, one for each controller on v1.
while read -r _ place kind options _; do
    if [[ $kind == cgroup* && ,$options, == *,ro,* ]]; then
        # "bind" changes this mount only; a remount of the whole file system is refused once it holds groups.
        mount -o remount,bind,rw "$place" ||
            echo "start.sh: $place stays read-only: functions run at full CPU, and the figures say so" >&2
    fi
done </proc/mounts

if [[ -w $root/cgroup.subtree_control ]]; then
    mkdir -p $root/container
    # A process may end between reading its id and moving it, so single failures do not count.
    while read -r process; do
        echo "$process" >$root/container/cgroup.procs 2>/dev/null || true
    done <$root/cgroup.procs
    echo "+cpu +memory +pids" >$root/cgroup.subtree_control ||
        echo "start.sh: CPU and memory controllers cannot be had: functions run at full CPU, and the figures say so" >&2
fi
