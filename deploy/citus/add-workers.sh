#!/bin/sh
# Tells the coordinator (PGHOST, PGUSER, PGPASSWORD, PGDATABASE) where it is itself and who works for
# it: `add-workers.sh HOST:PORT…`. Does nothing the second time.
set -eu
: "${PGHOST:?is the address of the coordinator}" "${PGPASSWORD:?is the password of the role modex}"

export PGOPTIONS='--client-min-messages=warning'

ask() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command="$1" >/dev/null; }

ask 'CREATE EXTENSION IF NOT EXISTS citus'
ask "SELECT citus_set_coordinator_host('$PGHOST', ${PGPORT:-5432})"
for worker in "$@"; do
  ask "SELECT citus_add_node('${worker%:*}', ${worker##*:})"
done
psql --no-psqlrc --tuples-only --command='SELECT node_name, node_port FROM citus_get_active_worker_nodes()'
