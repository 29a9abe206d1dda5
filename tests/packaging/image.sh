# The image: built from the Dockerfile as it is, and run with what its operators give it.

image=localhost/gangway:try
# What podman says of the systemd that is not here goes to a file.
pod() { podman "${storage[@]}" --cgroup-manager cgroupfs "$@" 2>>"$work/podman.log"; }

mkdir "$work/secrets"
printf 'alloy-key-0123456789' >"$work/secrets/alloy"
printf 'a-session-key-of-32-bytes-or-more-0123' >"$work/secrets/session"
printf '%s' "$key" >"$work/secrets/host"
variables=(-e GANGWAY__SERVER__PUBLIC_URL=https://connect.example.com -e "GANGWAY__HOST__NAME=Acme Notes"
    -e GANGWAY__ALLOY__API_KEY_FILE=/run/secrets/alloy -e GANGWAY__SESSION__KEYS_FILE=/run/secrets/session
    -e GANGWAY__HOST__API_KEYS_FILE=/run/secrets/host -v "$work/secrets:/run/secrets:ro")

# run_image NAME OPTIONS...: in a network namespace without any way out, on a root file system that is read-only.
run_image() {
    local name=$1
    shift
    pod run --detach --name "$name" --network none --cgroups=disabled --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 \
        --read-only "$@" "$image" >/dev/null
}

healthy() { pod healthcheck run "$1"; }
unhealthy() { ! healthy "$1"; }
process_of() { pod inspect --format '{{.State.Pid}}' "$1"; }
# within NAME COMMAND...: in that container's network.
within() { nsenter --target "$(process_of "$1")" --net "${@:2}"; }
status_of() { within "$1" curl -s -o /dev/null -w '%{http_code}' "${@:2}" || true; }
memory_of() { awk '/^VmRSS/ { printf "%d MiB", $2 / 1024 }' "/proc/$1/status"; }
owner_of() { stat -c '%u:%g %a' "/proc/$(process_of "$1")/root$2"; }

build_image() {
    local begun=$SECONDS more=()
    [ -n "$program" ] || more=(--volume "${CARGO_HOME:-$HOME/.cargo}/registry:/usr/local/cargo/registry")
    # Only Docker's format has health checks: the OCI's has none, and buildah says so and leaves it out.
    if ! nice -n "${GANGWAY_PACKAGES_NICE:-0}" buildah "${storage[@]}" bud --format docker --isolation chroot --network host --pull-never \
        ${more[@]+"${more[@]}"} --tag "$image" . >"$work/build.log" 2>&1; then
        wrong "the Dockerfile is built"
        tail -n 20 "$work/build.log"
        return 1
    fi
    ok "the Dockerfile is built${program:+ (with the program that was given)}"
    figure "build of the image: $((SECONDS - begun)) s; image: $(($(pod image inspect --format '{{.Size}}' $image) / 1000000)) MB"
    is "it has a user without rights" "$(pod image inspect --format '{{.Config.User}}' $image)" 65532:65532
    is "it has a health check" "$(pod image inspect --format '{{(index .Config.Healthcheck.Test 1)}}' $image)" /usr/bin/gangway
    local root
    root=$(pod image mount $image)
    is "it has no shell" "$(find "$root/bin" "$root/usr/bin" -name '*sh' | wc -l)" 0
    # For the Debian package, where the program was built here.
    [ -n "$program" ] || { cp "$root/usr/bin/gangway" "$work/gangway" && program=$work/gangway; }
    pod image unmount $image >/dev/null
}

variables_only() {
    local begun session known top
    begun=$(milliseconds)
    if ! run_image plain "${variables[@]}" -v plain:/data; then
        not_run "containers: podman is refused here ($(tail -n 1 "$work/podman.log"))"
        return 1
    fi
    holds "variables alone: healthy" until_true healthy plain
    figure "from podman run to healthy: $(($(milliseconds) - begun)) ms; memory: $(memory_of "$(process_of plain)")"
    is "it runs as 65532" "$(awk '/^Uid/ { print $2 }' "/proc/$(process_of plain)/status")" 65532
    is "the database is its own" "$(owner_of plain /data/gangway.db)" '65532:65532 600'
    top=/proc/$(process_of plain)/root
    fails_with "its root file system is read-only" "Read-only file system" touch "$top/usr/touched"
    session=$(within plain curl -s -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
        -d '{"user":{"id":"jane","name":"Jane Doe"}}' http://127.0.0.1:3000/api/v1/connect-sessions | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
    known=http://127.0.0.1:3000/api/v1/connect-sessions/$session
    is "it takes a call" "$(status_of plain -H "Authorization: Bearer $key" "$known")" 200
    holds "a backup beside it" pod exec plain /usr/bin/gangway backup --config /etc/gangway/gangway.toml --to /data/copy.db
    kill -STOP "$(process_of plain)"
    holds "a process that hangs is unhealthy" unhealthy plain
    kill -CONT "$(process_of plain)"
    begun=$(milliseconds)
    pod stop --time 40 plain >/dev/null
    figure "stop: $(($(milliseconds) - begun)) ms"
    is "it ends with 0" "$(pod inspect --format '{{.State.ExitCode}}' plain)" 0
    pod rm plain >/dev/null
    run_image again "${variables[@]}" -v plain:/data
    holds "another container on the same volume: healthy" until_true healthy again
    is "it knows the session" "$(status_of again -H "Authorization: Bearer $key" "$known")" 200
    pod rm --force --time 10 again >/dev/null
}

any_user_of_group_0() {
    run_image openshift "${variables[@]}" -v openshift:/data --user 1000680000:0
    holds "user 1000680000 of group 0, as OpenShift runs it: healthy" until_true healthy openshift
    is "the database is that user's" "$(owner_of openshift /data/gangway.db)" '1000680000:0 600'
    pod rm --force --time 10 openshift >/dev/null
}

mounted_settings() {
    sed -e 's/0.0.0.0:3000/0.0.0.0:8080/' -e 's/0.0.0.0:3001/127.0.0.1:8081/' packaging/container.toml >"$work/mounted.toml"
    run_image mounted "${variables[@]}" -v mounted:/data -v "$work/mounted.toml:/etc/gangway/gangway.toml:ro"
    holds "a mounted settings file: healthy where that says" until_true healthy mounted
    is "its listener is the file's" "$(status_of mounted http://127.0.0.1:8080/)/$(status_of mounted http://127.0.0.1:3000/)" 303/000
    pod rm --force --time 10 mounted >/dev/null
    run_image both "${variables[@]}" -v both:/data -v "$work/mounted.toml:/etc/gangway/gangway.toml:ro" \
        -e GANGWAY__SERVER__BIND=0.0.0.0:8090
    holds "a variable over it: healthy" until_true healthy both
    is "its listener is the variable's" "$(status_of both http://127.0.0.1:8090/)/$(status_of both http://127.0.0.1:8080/)" 303/000
    pod rm --force --time 10 both >/dev/null
    fails_with "without settings it ends and names them" alloy.api_key \
        podman "${storage[@]}" --cgroup-manager cgroupfs run --rm --network none --cgroups=disabled --ulimit nofile=4096:4096 \
        --ulimit nproc=4096:4096 --read-only "$image"
}

say "making the base images"
distroless
rust
say "building the image"
if build_image && variables_only; then
    any_user_of_group_0
    mounted_settings
fi
