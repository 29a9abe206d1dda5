# The Debian root, and functions for the two base images that the Dockerfile names, made here because nothing is pulled.

storage=(--root "$work/storage" --runroot "$work/run" --storage-driver overlay)
debian=$work/debian
# crun runs nothing where cgroups of both versions are mounted: it sees the first only.
umount /sys/fs/cgroup/unified 2>/dev/null || true

say "making a Debian 12"
if [ -n "${GANGWAY_PACKAGES_DEBIAN:-}" ]; then
    # One that debootstrap made with the same packages.
    cp -a "$GANGWAY_PACKAGES_DEBIAN" "$debian"
else
    mkdir -p "$PWD/target/debs"
    debootstrap --variant=minbase --cache-dir="$PWD/target/debs" --include=systemd,systemd-sysv,dbus,ca-certificates,curl \
        bookworm "$debian" "$(mirror)" >"$work/debootstrap.log" 2>&1 ||
        { tail "$work/debootstrap.log" >&2; fail "debootstrap failed"; }
fi
cp /etc/resolv.conf "$debian/etc/resolv.conf"

# base_image NAME ROOT SETTINGS...: an image with that folder's contents.
base_image() {
    local name=$1 root=$2 container mounted
    shift 2
    container=$(buildah "${storage[@]}" from scratch)
    mounted=$(buildah "${storage[@]}" mount "$container")
    cp -a "$root/." "$mounted/"
    buildah "${storage[@]}" umount "$container" >/dev/null
    buildah "${storage[@]}" config "$@" "$container"
    buildah "${storage[@]}" commit --quiet --rm "$container" "$name" >/dev/null
}

# As gcr.io/distroless/cc-debian12:nonroot is: out of these packages, without a shell, and a user of that number.
distroless() {
    local root=$work/distroless package
    mkdir -p "$root/etc/ssl/certs" "$root/home/nonroot" "$root/tmp"
    chmod 1777 "$root/tmp"
    chown 65532:65532 "$root/home/nonroot"
    chroot "$debian" sh -c 'cd /tmp && apt-get update -q && apt-get download -q base-files netbase tzdata ca-certificates \
        libc6 libgcc-s1 libgomp1 libstdc++6 libssl3' >"$work/apt.log" 2>&1 || { tail "$work/apt.log" >&2; fail "no packages"; }
    for package in "$debian"/tmp/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root"; done
    rm "$debian"/tmp/*.deb
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >"$root/etc/passwd"
    printf '%s\n' root:x:0: nonroot:x:65532: >"$root/etc/group"
    base_image gcr.io/distroless/cc-debian12:nonroot "$root" --user 65532 --workingdir /home/nonroot \
        --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
}

# In the place of rust:1.95-bookworm: the compiler of this machine, or a cargo that hands out the program that was given.
rust() {
    local root=$work/rust sysroot
    cp -a "$debian" "$root"
    if [ -n "$program" ]; then
        cp "$program" "$root/program"
        printf '#!/bin/sh\nset -e\n[ "$*" = "build --release --locked --bin gangway" ]\n%s\n' \
            'mkdir -p target/release && cp /program target/release/gangway' >"$root/usr/local/bin/cargo"
        chmod +x "$root/usr/local/bin/cargo"
    else
        chroot "$root" apt-get install -q -y --no-install-recommends gcc g++ make libc6-dev >"$work/apt.log" 2>&1 ||
            { tail "$work/apt.log" >&2; fail "no compiler"; }
        sysroot=$(rustc --print sysroot)
        cp -a "$sysroot/bin" "$sysroot/lib" "$root/usr/local/"
        mkdir -p "$root/usr/local/cargo/registry"
        # This machine may reach the registry by settings and certificates of its own.
        cp "${CARGO_HOME:-$HOME/.cargo}"/config* "$root/usr/local/cargo/" 2>/dev/null || true
        cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    fi
    base_image docker.io/library/rust:1.95-bookworm "$root" --env CARGO_HOME=/usr/local/cargo \
        --env "CARGO_BUILD_JOBS=${CARGO_BUILD_JOBS:-$(nproc)}" --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    rm -rf "$root"
}
