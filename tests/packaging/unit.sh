# The unit of the package under a real systemd: the root is booted by systemd-nspawn, without any network but its own.

root=$work/machine
settings=$root/etc/gangway/gangway.toml

boot() {
    local end=$((SECONDS + 30)) children
    systemd-nspawn --directory="$root" --boot --register=no --keep-unit --private-network --link-journal=no --quiet \
        </dev/null >"$work/console" 2>&1 &
    machine=$!
    leader=
    while [ -z "$leader" ] && [ $SECONDS -lt $end ] && kill -0 "$machine" 2>/dev/null; do
        read -r leader children 2>/dev/null <"/proc/$machine/task/$machine/children" || sleep 0.1
    done
    [ -n "$leader" ] && until_true started
}

booted() { nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root --wd=/ env -u GANGWAY_PACKAGES_APART "$@" </dev/null; }
# A machine with a failed unit has started, too.
started() { [[ $(booted systemctl is-system-running 2>/dev/null || true) =~ running|degraded ]]; }
property() { booted systemctl show --property "$1" --value "${2:-gangway}"; }
ready() { [ "$(booted curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:3001/readyz)" = 200 ]; }
logged() { booted journalctl --unit gangway --no-pager --output cat | grep -qF -- "$1"; }

halt() {
    booted systemctl poweroff >/dev/null 2>&1 || true
    wait "$machine" || true
    machine=
}

first_start() {
    local begun
    cp "$work/gangway.deb" "$root/gangway.deb"
    holds "dpkg installs it on a machine that runs" booted dpkg --install /gangway.deb
    is "it is not started without settings" "$(property ActiveState)" inactive
    write_settings
    booted systemd-run --quiet --unit sandbox --property Restart=always /usr/bin/gangway sandbox
    begun=$(milliseconds)
    holds "systemctl enable --now" booted systemctl enable --now gangway
    figure "systemctl start returns after $(($(milliseconds) - begun)) ms"
    holds "it is ready" until_true ready
    figure "… and it is ready after $(($(milliseconds) - begun)) ms; memory: $(booted awk '/^VmRSS/ { printf "%d MiB", $2 / 1024 }' "/proc/$(property MainPID)/status")"
    is "it runs as gangway" "$(booted stat -c %U "/proc/$(property MainPID)")" gangway
    is "the database is its own" "$(booted stat -c '%U %a' /var/lib/gangway /var/lib/gangway/gangway.db | paste -sd,)" 'gangway 700,gangway 600'
    is "the service has no rights, and filters its system calls" \
        "$(booted awk '/^(CapEff|NoNewPrivs|Seccomp):/ { printf "%s ", $2 }' "/proc/$(property MainPID)/status")" '0000000000000000 1 2 '
}

# A unit of the same lines that tries what they refuse.
sandboxed() {
    local line
    cp tests/packaging/sandbox.pl "$root/usr/share/sandbox.pl"
    sed -e '/^Exec/d' -e '/^Restart/d' -e 's/^Type=.*/Type=oneshot\nExecStart=\/usr\/bin\/perl \/usr\/share\/sandbox.pl/' \
        packaging/gangway.service >"$root/run-sandbox.service"
    booted cp /run-sandbox.service /run/systemd/system/tried.service
    booted systemctl start tried || true
    while read -r line; do
        case $line in
            refused\ *) ok "in force: ${line#refused }" ;;
            allowed\ * | missing\ *) wrong "not in force: ${line#* }" ;;
        esac
    done < <(booted journalctl --unit tried --no-pager --output cat)
}

reload_restart_kill_stop() {
    local before begun
    before=$(property MainPID)
    printf '\n[connectors.slack]\nenabled = false\n' >>"$settings"
    holds "systemctl reload" booted systemctl reload gangway
    holds "what is said of apps is read again" until_true logged "settings changed and are taken"
    is "by the same process" "$(property MainPID)" "$before"
    begun=$(milliseconds)
    holds "systemctl restart" booted systemctl restart gangway
    holds "it is ready" until_true ready
    figure "restart until ready: $(($(milliseconds) - begun)) ms"
    before=$(property MainPID)
    begun=$(milliseconds)
    booted sh -c "kill -9 $before"
    another() { [ "$(property MainPID)" != "$before" ] && ready; }
    holds "after kill -9 another process is ready" until_true another
    figure "kill -9 until ready: $(($(milliseconds) - begun)) ms"
    begun=$(milliseconds)
    holds "systemctl stop" booted systemctl stop gangway
    figure "stop: $(($(milliseconds) - begun)) ms"
    is "it ended with 0" "$(property Result) $(property ExecMainStatus)" 'success 0'
}

restarts() { [ "$(property NRestarts)" -ge "$1" ]; }

# A start that cannot succeed yet is tried again, for longer than systemd's own five times.
mistakes() {
    cp "$settings" "$work/good.toml"
    sed -i 's|^url = .*|url = "postgres://gangway@127.0.0.1:1/gangway"|' "$settings"
    booted systemctl start gangway || true
    holds "a database that is not there yet: it goes on trying" until_true restarts 7
    cp "$work/good.toml" "$settings"
    holds "once it is there the service is ready by itself" until_true ready
    booted systemctl stop gangway
    sed -i '/^api_key/d' "$settings"
    fails_with "with a mistake in the settings the start fails" "control process exited" booted systemctl start gangway
    holds "the journal names the setting" logged "alloy.api_key"
    cp "$work/good.toml" "$settings"
    holds "once it is mended the service is ready by itself" until_true ready
}

upgrade_boot_remove() {
    local before
    before=$(property MainPID)
    another_version 0.1.1-1
    holds "an upgrade while it runs" booted dpkg --install /gangway-0.1.1-1.deb
    holds "it is ready" until_true ready
    is "by another process" "$([ "$(property MainPID)" != "$before" ] && echo yes)" yes
    halt
    holds "the machine boots again" boot
    holds "the service is ready by itself" until_true ready
    holds "removal stops it" booted dpkg --remove gangway
    is "nothing of it runs" "$(property ActiveState)" inactive
    holds "purge" booted dpkg --purge gangway
    is "the database stays" "$(booted ls /var/lib/gangway | head -n 1)" gangway.db
}

if [ ! -f "$work/gangway.deb" ]; then
    not_run "the unit: there is no package"
else
    say "booting a Debian"
    cp -a "$debian" "$root"
    if boot; then
        ok "systemd $(booted systemctl --version | sed -n '1s/.*(\(.*\))/\1/p') boots under systemd-nspawn"
        first_start
        sandboxed
        reload_restart_kill_stop
        mistakes
        upgrade_boot_remove
        halt
    else
        not_run "the unit under systemd: systemd-nspawn does not boot here ($(tail -n 1 "$work/console"))"
    fi
fi
