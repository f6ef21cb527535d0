# shellcheck shell=sh disable=SC2154  # `scratch`, `port` and `identity` are of whoever reads this
# A machine under QEMU with real firmware, for the tests that start it, listen to its console and cut its power. They source
# this; `scratch` is a directory of theirs, in which `disk.img` lies when they call boot; `port` is a free one on 127.0.0.1,
# which leads to that of SSH, and `identity` a private key that lets root in.

serial=$scratch/serial.log
qemu=
# A guest without KVM needs a minute or two; nothing here depends on how long it takes.
patience=600

power_on() {
    rm -f "$scratch/console"
    qemu-system-x86_64 -nodefaults -no-user-config -display none -vga none -machine q35 -accel tcg,thread=multi \
        -m 1024M -smp 2 -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
        -drive if=pflash,unit=1,format=raw,file="$scratch/vars.fd" \
        -drive if=none,id=disk0,format=raw,file="$scratch/disk.img" -device virtio-blk-pci,drive=disk0,bootindex=0 \
        -netdev user,id=net0,hostfwd=tcp:127.0.0.1:"$port"-:22 -device virtio-net-pci,netdev=net0,romfile= \
        -device virtio-rng-pci -chardev socket,id=c,path="$scratch/console",server=on,wait=off,logfile="$serial",logappend=on \
        -serial chardev:c 2>>"$scratch/qemu.log" &
    qemu=$!
}

power_off() { # Also at the end of a test, however it comes.
    [ -n "$qemu" ] || return 0
    kill -9 "$qemu" 2>/dev/null || true
    wait "$qemu" 2>/dev/null || true
    qemu=
}

# KEY: often, for whoever it is meant for may not be there yet. Until the machine is quiet, what it says is heard: where
# nobody listens any more, QEMU may leave it in the middle of a line.
press() {
    python3 -c 'import select, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
def listen(seconds):
    while select.select([s], [], [], seconds)[0]:
        if not s.recv(65536):
            sys.exit()
for _ in range(10):
    s.send(sys.argv[2].encode())
    time.sleep(0.5)
    listen(0)
listen(2)' "$scratch/console" "$1"
}

# For Fruix, which calls ssh itself, as well: each guest has keys of its own, at the same address.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexec /usr/bin/ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "$@"\n' \
    >"$scratch/bin/ssh"
chmod 755 "$scratch/bin/ssh"
PATH=$scratch/bin:$PATH

in_guest() { ssh -i "$identity" -p "$port" -o ConnectTimeout=30 root@127.0.0.1 "$@"; }

# What the console says from now on.

forget() { mark=$(wc -c <"$serial"); }

heard() { tail -c "+$((mark + 1))" "$serial"; }

says() { # PATTERN: waits until the console says it.
    waited=0
    until heard | grep -aqE "$1"; do
        waited=$((waited + 1))
        kill -0 "$qemu" || { cat "$scratch/qemu.log"; return 1; }
        [ "$waited" -le "$patience" ] || { echo "the console does not say: $1"; heard | tail -20; return 1; }
        sleep 1
    done
}

silent() { ! heard | grep -aqE "$1"; }

restart() {
    forget
    in_guest 'shutdown -r now' || true
}

# The first start.
boot() {
    cp /usr/share/OVMF/OVMF_VARS_4M.fd "$scratch/vars.fd"
    : >"$serial"
    forget
    power_on
}
