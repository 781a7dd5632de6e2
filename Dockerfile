# The image of Signpost, a drop-in for CoreDNS's. How to build and use it: docs/image.md, docs/kind.md.

# Node 24, npm and either setcap or Debian's apt-get. Its `node` is the one that ships.
ARG BUILD_IMAGE=docker.io/library/node:24.21.0-bookworm-slim
# What Node needs at run time: glibc and libstdc++. No shell, no npm.
ARG RUN_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
# How the packages of package-lock.json come; `true` where they are there already.
ARG INSTALL="npm ci --ignore-scripts"
WORKDIR /build
RUN command -v setcap > /dev/null \
  || { apt-get update -qq && apt-get install -y -qq --no-install-recommends libcap2-bin; }
COPY package.json package-lock.json .npmrc ./
RUN ${INSTALL}
COPY tsconfig.json LICENSE ./
COPY bin bin
COPY scripts/build.ts scripts/only-kube-config.ts scripts/
COPY src src
RUN node scripts/build.ts
# The files of the image as they will lie in it. Node itself goes in here and not with RUN_IMAGE, because the
# capability below would make a second copy of it.
RUN mkdir -p /image/app/bin /image/app/dist /image/usr/local/bin \
  && cp "$(node --print process.execPath)" /image/usr/local/bin/node \
  && cp package.json LICENSE /image/app/ \
  && cp bin/coredns /image/app/bin/ \
  && cp dist/*.js dist/*.txt /image/app/dist/ \
  && chmod -R u=rwX,go=rX /image \
  && chmod 0755 /image/app/bin/coredns \
  && ln -s /app/bin/coredns /image/coredns \
  && ln -s /app/bin/coredns /image/usr/local/bin/coredns \
  && ln -s /app/bin/coredns /image/usr/local/bin/signpost

FROM build AS privileged-port
# Port 53 for a user that is not root: a pod's `add: [NET_BIND_SERVICE]` only allows it, the file has to ask for it.
RUN setcap cap_net_bind_service=+ep /image/usr/local/bin/node

FROM ${RUN_IMAGE} AS run
ARG RUN_IMAGE
ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="signpost" \
  org.opencontainers.image.description="Kubernetes service discovery in one program: cluster DNS, ClusterIPs and service variables" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.base.name="${RUN_IMAGE}"
# As numbers: `runAsNonRoot` cannot judge a name.
USER 65532:65532
WORKDIR /
# Not every RUN_IMAGE has one, and OpenShift starts `coredns` by its name alone.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 53/udp 53/tcp 1053/udp 1053/tcp 8080/tcp 8181/tcp 9153/tcp
ENTRYPOINT ["/coredns"]

# For pods without any capability, which listen on 1053. With the capability on the file the kernel would refuse to
# start it there: "operation not permitted".
FROM run AS unprivileged
COPY --from=build /image/ /

FROM run AS signpost
COPY --from=privileged-port /image/ /
