# Mainline's images: db (PostgreSQL), app (the workers), web (nginx); and what is
# not there without its profile: acme (certificates), demo (a simulated Twilio).
# docker-compose.yml builds and runs them; `docker build --target app .` is one.
#
# All of it is Debian's: one release, one source of security updates.  The
# release is the pin; `docker compose build --pull --no-cache` takes updates in.
ARG DEBIAN=debian:trixie-slim

# What the images share: who is who, and the folders that become volumes.  An
# empty volume takes its owner and mode from whichever container comes first,
# so the folders are the same in all of them.
FROM ${DEBIAN} AS base
LABEL org.opencontainers.image.title="Mainline" \
      org.opencontainers.image.description="A company's main phone number, self-hosted" \
      org.opencontainers.image.licenses="MIT"
# The numbers are fixed because they are compared across containers: PostgreSQL
# knows the program by its user (no password exists), and nginx may write to the
# workers' sockets as their group, which is www-data, 33 in every Debian.
RUN groupadd --gid 10000 postgres \
 && useradd --uid 10000 --gid 10000 --no-create-home --home-dir /var/lib/mainline/pg postgres \
 && groupadd --gid 10001 mainline \
 && useradd --uid 10001 --gid 10001 --groups www-data --no-create-home \
        --home-dir /var/lib/mainline/state --shell /usr/sbin/nologin mainline \
 && install -d -o postgres -g mainline -m 0750 /run/database \
 && install -d -o mainline -g www-data -m 0750 /run/mainline \
 && install -d -o postgres -g postgres -m 0700 /var/lib/mainline/pg \
 && install -d -o mainline -g mainline -m 0700 /var/lib/mainline/state \
 && install -d -o mainline -g www-data -m 2750 /var/lib/mainline/state/recordings \
        /var/lib/mainline/recordings \
 && install -d -o mainline -g mainline -m 0700 /var/lib/mainline/demo \
 && install -d -o www-data -g www-data -m 0700 /var/lib/mainline/tls /var/lib/mainline/acme \
 && install -d -o www-data -g www-data -m 0755 /var/lib/mainline/challenges


FROM ${DEBIAN} AS build
WORKDIR /src
COPY script/bootstrap script/
COPY script/lib/common.sh script/lib/install.sh script/lib/postgres.sh script/lib/stack.sh script/lib/
RUN script/bootstrap --build
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake/ cmake/
COPY include/ include/
COPY migrations/ migrations/
COPY src/ src/
RUN cmake --preset release \
 && cmake --build --preset release \
 && install -s build/release/mainline /usr/local/bin/mainline
# The packages whose libraries it was linked with: a list by hand would be wrong
# after the next library.
RUN ldd /usr/local/bin/mainline | awk '$3 ~ /^\// { print $3 }' | xargs readlink -f \
  | xargs dpkg -S | cut -d: -f1 | sort -u >/usr/local/share/mainline.packages


# The web page.  Its .npmrc keeps packages from running scripts.
FROM ${DEBIAN} AS page
RUN apt-get update && apt-get install -y --no-install-recommends npm ca-certificates
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
# The secret is optional: the authority of a proxy that looks into TLS.
RUN --mount=type=secret,id=ca,target=/run/ca.pem --mount=type=cache,target=/root/.npm \
    NODE_EXTRA_CA_CERTS=/run/ca.pem npm ci --no-audit --no-fund
COPY openapi/ ../openapi/
COPY web/ ./
RUN npm run build


FROM base AS db
# The major version is part of the name, so that another release of Debian fails
# here and not in front of a database that it cannot open.  Its compiler of
# queries (LLVM) is a third of the image and of no use to queries this short;
# PostgreSQL looks whether llvmjit.so is there, and does without.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-common \
 && sed -i '/create_main_cluster/d' /etc/postgresql-common/createcluster.conf \
 && echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf \
 && apt-get install -y --no-install-recommends postgresql-17 \
 && rm -rf /usr/lib/postgresql/17/lib/llvmjit* /usr/lib/postgresql/17/lib/bitcode \
        /usr/lib/*/libLLVM* /usr/lib/*/libz3.so* \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
COPY script/lib/common.sh script/lib/postgres.sh /usr/share/mainline/script/lib/
COPY docker/db /usr/share/mainline/docker/
ENV PGHOST=/run/database
USER postgres
# Fast shutdown: TERM would wait until the last client leaves by itself.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["pg_isready", "-q", "-d", "mainline", "-U", "postgres"]
ENTRYPOINT ["/usr/share/mainline/docker/db"]


FROM base AS app
# libfcgi-bin asks the workers how they are; Twilio's certificate is checked
# against Debian's authorities.
COPY --from=build /usr/local/share/mainline.packages /usr/local/share/
RUN apt-get update \
 && xargs apt-get install -y --no-install-recommends libfcgi-bin ca-certificates </usr/local/share/mainline.packages \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
# What backup and restore run: the two alone, since their package brings Perl.
COPY --from=db /usr/lib/postgresql/17/bin/pg_dump /usr/lib/postgresql/17/bin/pg_restore /usr/local/bin/
RUN pg_dump --version && pg_restore --version
COPY --from=build /usr/local/bin/mainline /usr/local/lib/mainline/
RUN /usr/local/lib/mainline/mainline version
# By its name, `docker compose exec app mainline ...` goes the same way as the start.
COPY docker/app /usr/local/bin/mainline
COPY docker/app-health /usr/share/mainline/docker/
# The socket's folder is open to two users, and the server asks the kernel which
# of them is there: that is all the password it needs.
ENV DATABASE_URL="postgresql://mainline@%2Frun%2Fdatabase/mainline" \
    MAINLINE_DATA=/var/lib/mainline/state \
    MAINLINE_RUN=/run/mainline \
    MAINLINE_SOCKET_GROUP=www-data
USER mainline
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/usr/share/mainline/docker/app-health"]
ENTRYPOINT ["mainline"]
CMD ["serve"]


# What the simulated Twilio is made of.
FROM ${DEBIAN} AS simulator
RUN apt-get update && apt-get install -y --no-install-recommends npm ca-certificates
WORKDIR /src/tests
COPY tests/package.json tests/package-lock.json ./
RUN --mount=type=secret,id=ca,target=/run/ca.pem --mount=type=cache,target=/root/.npm \
    NODE_EXTRA_CA_CERTS=/run/ca.pem npm ci --omit=dev --ignore-scripts --no-audit --no-fund


FROM app AS demo
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs openssl \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
COPY --from=simulator /src/tests/ /usr/share/mainline/tests/
COPY tests/data/ /usr/share/mainline/tests/data/
COPY tests/simulator/ /usr/share/mainline/tests/simulator/
COPY script/lib/common.sh /usr/share/mainline/script/lib/
COPY docker/demo docker/demo-health /usr/share/mainline/docker/
USER mainline
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/usr/share/mainline/docker/demo-health"]
ENTRYPOINT ["/usr/share/mainline/docker/demo"]
CMD []


FROM base AS web
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx openssl ca-certificates \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt \
 && install -d /var/lib/mainline/log \
 && ln -s /dev/stdout /var/lib/mainline/log/access.log \
 && ln -s /dev/stderr /var/lib/mainline/log/nginx-error.log
# Laid out as in the checkout, so that the same scripts find the same files.
COPY script/lib/common.sh script/lib/nginx.sh script/lib/certificate.sh script/lib/stack.sh \
    /usr/share/mainline/script/lib/
COPY nginx/ /usr/share/mainline/nginx/
COPY docker/web docker/web-health /usr/share/mainline/docker/
COPY --from=page /src/build/web/ /usr/share/mainline/build/web/
USER www-data
# Requests under way are answered.
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/usr/share/mainline/docker/web-health"]
ENTRYPOINT ["/usr/share/mainline/docker/web"]


FROM web AS acme
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends dehydrated \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
COPY script/lib/acme.sh /usr/share/mainline/script/lib/
COPY docker/acme docker/acme-health /usr/share/mainline/docker/
USER www-data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 \
    CMD ["/usr/share/mainline/docker/acme-health"]
ENTRYPOINT ["/usr/share/mainline/docker/acme"]


# All but the database in one container, in plain HTTP on $PORT: for a place that
# runs one container and ends TLS before it.  docs/places.md says how.
FROM app AS all
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
COPY script/lib/common.sh script/lib/nginx.sh script/lib/stack.sh script/lib/plain.sh \
    /usr/share/mainline/script/lib/
COPY nginx/ /usr/share/mainline/nginx/
COPY docker/all /usr/share/mainline/docker/
COPY --from=page /src/build/web/ /usr/share/mainline/build/web/
# Where the container's user is the place's own, only /tmp is its.
ENV DATABASE_URL= \
    MAINLINE_DATA=/tmp/mainline \
    MAINLINE_RUN=/tmp/mainline-run
HEALTHCHECK NONE
ENTRYPOINT ["/usr/share/mainline/docker/all"]
CMD []
