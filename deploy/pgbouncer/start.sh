#!/bin/sh
# Starts PgBouncer before the primary at PRIMARY_HOST (`postgres`) with the passwords of the owner
# (POSTGRES_PASSWORD) and of API and worker (POSTGRES_APP_PASSWORD), in a folder of its own, since the one with the settings is read-only. It is
# always the same folder, made anew, so that no earlier password stays anywhere.
set -eu
: "${POSTGRES_PASSWORD:?is the password of the role modex}"
: "${POSTGRES_APP_PASSWORD:?is the password of the role modex_app}"

settings=$(dirname "$0")
folder=${TMPDIR:-/tmp}/modex-pgbouncer
rm -rf "$folder"
mkdir -m 700 "$folder"
cd "$folder"
cp "$settings"/*.ini .
printf 'modex = host=%s port=%s dbname=modex\n' \
  "${PRIMARY_HOST:-postgres}" "${PRIMARY_PORT:-5432}" >databases.ini
umask 077
printf '"modex" "%s"\n"modex_app" "%s"\n' "$POSTGRES_PASSWORD" "$POSTGRES_APP_PASSWORD" >userlist.txt
exec pgbouncer pgbouncer.ini
