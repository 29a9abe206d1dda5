# syntax=docker/dockerfile:1
# Gangway in a container: the program, the certificates of the world, and nothing else; no shell, no root. The root file
# system may be read-only. docs/operations.md says how to run it.

# The same Debian as below, so that the program finds the C library that it was made for.
FROM rust:1.95-bookworm AS build
WORKDIR /gangway
COPY . .
RUN cargo build --release --locked --bin gangway
# SQLite's file goes into a volume that the program's own user may write, and group 0 too: OpenShift runs an image as any user of
# that group.
RUN mkdir -p /image/data && chmod 0770 /image/data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /gangway/target/release/gangway /usr/bin/gangway
COPY --from=build --chown=65532:0 /image/ /
# The settings of a container. A file that is mounted in its place replaces them; variables (-e GANGWAY__...) win over both.
COPY --from=build /gangway/packaging/container.toml /etc/gangway/gangway.toml
USER 65532:65532
WORKDIR /data
VOLUME /data
# Publish 3000, and leave 3001 (health, metrics) to those who watch.
EXPOSE 3000 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/usr/bin/gangway", "health", "--config", "/etc/gangway/gangway.toml"]
ENTRYPOINT ["/usr/bin/gangway"]
CMD ["serve", "--config", "/etc/gangway/gangway.toml"]
