#!/bin/sh
# A PostgreSQL of its own, whose data is in FOLDER. It refuses to be root. Usage: postgres.sh FOLDER PORT
set -eu
binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as_postgres() { exec setpriv --reuid=postgres --regid=postgres --clear-groups "$binaries/$@"; }

chmod 711 "$1"
install -d -o postgres -m 700 "$1/data"
(as_postgres initdb --no-sync --auth=trust --pgdata="$1/data" >"$1/initdb.log")
echo "host all all all trust" >>"$1/data/pg_hba.conf"
as_postgres postgres -D "$1/data" -p "$2" -h 0.0.0.0 -k '' -c fsync=off
