# syntax=docker/dockerfile:1
# Gangway in a container: the program, the certificates of the world, and nothing else; no shell, no root. The root file
# system may be read-only. docs/operations.md says how to run it.

# The same Debian as below, so that the program finds the C library that it was made for.
FROM rust:1.95-bookworm AS build
WORKDIR /gangway
COPY . .
RUN cargo build --release --locked --bin gangway
# SQLite's file goes into a volume that the program's own user may write.
RUN mkdir -m 0700 /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /gangway/target/release/gangway /usr/bin/gangway
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# A container has a network of its own: publish 3000, and leave 3001 (health, metrics) to those who watch.
ENV GANGWAY__SERVER__BIND=0.0.0.0:3000 \
    GANGWAY__SERVER__ADMIN_BIND=0.0.0.0:3001 \
    GANGWAY__STORE__URL=sqlite:///data/gangway.db
EXPOSE 3000 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/usr/bin/gangway", "health"]
ENTRYPOINT ["/usr/bin/gangway"]
CMD ["serve"]
