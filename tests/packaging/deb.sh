# The Debian package: made by cargo-deb, installed, upgraded, removed and purged in a root where nothing runs.

root=$work/root
settings=$root/etc/gangway/gangway.toml
in_root() { DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$root" "$@" </dev/null; }

make_package() {
    install -D -m 0755 "$program" "$work/target/release/gangway"
    if ! CARGO_TARGET_DIR=$work/target cargo deb --quiet --fast --no-build --no-strip --output "$work/gangway.deb" >"$work/said" 2>&1; then
        wrong "cargo deb makes the package"
        tail -n 5 "$work/said"
        return 1
    fi
    ok "cargo deb makes the package"
    figure "package, quickly compressed: $(($(stat -c %s "$work/gangway.deb") / 1000)) kB; it depends on $(dpkg-deb --field "$work/gangway.deb" Depends)"
    is "dpkg leaves its settings alone" "$(dpkg-deb --info "$work/gangway.deb" conffiles)" /etc/gangway/gangway.toml
}

# another_version VERSION: with other settings of ours if there is a second argument.
another_version() {
    rm -rf "$work/unpacked"
    dpkg-deb --raw-extract "$work/gangway.deb" "$work/unpacked"
    sed -i "s/^Version:.*/Version: $1/" "$work/unpacked/DEBIAN/control"
    [ -z "${2:-}" ] || printf '\n# %s\n' "$2" >>"$work/unpacked/etc/gangway/gangway.toml"
    dpkg-deb --build --root-owner-group -Znone "$work/unpacked" "$root/gangway-$1.deb" >/dev/null
}

installs() { in_root apt-get install -q -y --no-install-recommends "$1"; }

install_and_upgrade() {
    local before
    cp "$work/gangway.deb" "$root/gangway.deb"
    holds "apt installs it" installs /gangway.deb
    is "the program runs" "$(in_root gangway --version)" "gangway $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
    is "the settings are root's, and readable by the service" "$(in_root stat -c '%U:%G %a' /etc/gangway/gangway.toml)" 'root:gangway 640'
    is "so is their folder" "$(in_root stat -c '%U:%G %a' /etc/gangway)" 'root:gangway 750'
    is "its user cannot sign in" "$(in_root getent passwd gangway | cut -d: -f 6-)" /var/lib/gangway:/usr/sbin/nologin
    is "the unit waits for its operator" "$(in_root systemctl is-enabled gangway 2>&1 || true)" disabled
    fails_with "check names what is missing" "alloy.api_key" in_root gangway check --offline --config /etc/gangway/gangway.toml
    is "dpkg -V finds nothing" "$(in_root dpkg -V gangway)" ""
    write_settings
    is "dpkg -V finds the settings that were written" "$(in_root dpkg -V gangway)" '??5?????? c /etc/gangway/gangway.toml'
    before=$(sha256sum <"$settings")
    another_version 0.1.1-1
    holds "an upgrade asks nothing where ours are the same" in_root dpkg -i /gangway-0.1.1-1.deb
    is "it leaves the settings" "$(sha256sum <"$settings")" "$before"
    another_version 0.1.2-1 "another line of ours"
    holds "an unattended upgrade with other settings of ours" in_root dpkg --force-confdef --force-confold -i /gangway-0.1.2-1.deb
    is "it leaves the settings" "$(sha256sum <"$settings") $(in_root stat -c '%U:%G %a' /etc/gangway/gangway.toml)" "$before root:gangway 640"
    is "ours lie beside them" "$(tail -n 1 "$settings.dpkg-dist")" "# another line of ours"
}

remove_and_purge() {
    local before
    before=$(sha256sum <"$settings")
    install -d -m 0700 "$root/var/lib/gangway" && : >"$root/var/lib/gangway/gangway.db"
    : >"$root/etc/gangway/environment"
    holds "apt removes it" in_root apt-get remove -q -y gangway
    is "the program is gone and the settings are there" "$(ls "$root/usr/bin/gangway" 2>/dev/null)$(sha256sum <"$settings")" "$before"
    holds "it comes back to its settings" installs /gangway-0.1.2-1.deb
    is "they are the same" "$(sha256sum <"$settings") $(in_root stat -c '%U:%G %a' /etc/gangway/gangway.toml)" "$before root:gangway 640"
    holds "apt purges it" in_root apt-get purge -q -y gangway
    is "no setting and no secret stays" "$(ls -d "$root/etc/gangway" 2>/dev/null)" ""
    is "the database stays" "$(ls "$root/var/lib/gangway")" gangway.db
    is "nothing else stays" "$(find "$root/usr" "$root/etc" -name '*gangway*')" ""
}

# As an operator writes them: beside the sandbox, which stands in for Alloy.
write_settings() {
    sed -i -e 's|^#public_url = .*|public_url = "http://localhost:3000"|' -e 's|^#api_key = .*|base_url = "http://127.0.0.1:4040"\napi_key = "sandbox-key"|' \
        -e 's|^#keys = .*|keys = ["a-session-key-of-32-bytes-or-more-0123"]|' -e 's|^#name = |name = |' \
        -e "s|^#api_keys = .*|api_keys = [\"$key\"]|" "$settings"
}

if [ -z "$program" ]; then
    not_run "the Debian package: there is no program to pack"
elif say "making the package" && make_package; then
    cp -a "$debian" "$root"
    mount -t proc proc "$root/proc"
    install_and_upgrade
    remove_and_purge
    umount "$root/proc"
    rm -rf "$root"
fi
