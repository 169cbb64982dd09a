#!/usr/bin/env bash
# install PACKAGE...: as root, install Debian packages, their services left off:
# a stack runs its own nginx and PostgreSQL.  script/bootstrap calls it, with
# sudo if need be.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

POLICY=/usr/sbin/policy-rc.d
CLUSTER=/etc/postgresql-common/createcluster.conf
MARK='# made by script/bootstrap for the time of an installation'

get() {
	apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends "$@"
}

# Debian asks this file before it starts a service.  One that is there already
# is the administrator's, and stays.
# shellcheck disable=SC2016 # $1 is that file's
services_hold() {
	if [ -e "$POLICY" ] && ! grep -qsF "$MARK" "$POLICY"; then
		return 0
	fi
	printf '%s\n' '#!/bin/sh' "$MARK" \
		'case $1 in nginx* | postgresql* | prometheus* | pgbouncer*) exit 101 ;; esac' >"$POLICY"
	chmod 755 "$POLICY"
}

services_release() {
	if grep -qsF "$MARK" "$POLICY"; then rm -f "$POLICY"; fi
	if [ -e "$CLUSTER.mainline" ]; then mv -f "$CLUSTER.mainline" "$CLUSTER"; fi
}

# Without this, the package makes a cluster of its own on port 5432.
cluster_hold() {
	get install postgresql-common
	[ -e "$CLUSTER.mainline" ] || cp -p "$CLUSTER" "$CLUSTER.mainline"
	sed -i '/^[# ]*create_main_cluster/d' "$CLUSTER"
	echo 'create_main_cluster = false' >>"$CLUSTER"
}

trap services_release EXIT
trap 'exit 1' HUP INT TERM
services_hold
get update
case " $* " in *" postgresql "*) cluster_hold ;; esac
get install "$@"
# Nor is nginx to take port 80 when the machine starts next, prometheus 9090 or
# pgbouncer 6432.
for service in nginx prometheus pgbouncer; do
	case " $* " in *" $service "*) update-rc.d "$service" disable || : ;; esac
done
