#!/bin/sh
# Runs PostgreSQL as a streaming replica of PRIMARY_HOST: `replica.sh postgres ARGUMENTS…`. An empty
# PGDATA is filled with a copy of the primary first. One that was promoted (`pg_promote()`) stays a
# primary: only a new copy is told to be a replica. The password (PGPASSWORD) stays in the
# environment, where libpq finds it at each connection, so none is written to the disk.
set -eu
: "${PRIMARY_HOST:?is the address of the primary}" "${PGDATA:?is where the data is kept}"
: "${PGPASSWORD:?is the password of the role modex}"
port=${PRIMARY_PORT:-5432}

if [ ! -e "$PGDATA/PG_VERSION" ]; then
  # A copy that was interrupted is no database: it gets its name only when it is whole.
  rm -rf "$PGDATA.part"
  mkdir -p "$(dirname "$PGDATA")"
  until pg_basebackup --host="$PRIMARY_HOST" --port="$port" --username=modex --no-password \
    --pgdata="$PGDATA.part" --wal-method=stream --checkpoint=fast; do
    echo "The primary $PRIMARY_HOST cannot be copied; trying again in 2 s." >&2
    sleep 2
  done
  touch "$PGDATA.part/standby.signal"
  # The folder may be there already, and empty.
  if [ -d "$PGDATA" ]; then rmdir "$PGDATA"; fi
  mv "$PGDATA.part" "$PGDATA"
fi

exec "$@" -c "primary_conninfo=host=$PRIMARY_HOST port=$port user=modex application_name=replica"
