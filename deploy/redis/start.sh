#!/bin/sh
# Starts Redis with the password of REDISCLI_AUTH, where redis-cli looks for it too: on the standard
# input, since arguments can be read by everybody on the machine.
set -eu
: "${REDISCLI_AUTH:?is missing: put REDIS_PASSWORD into .env}"

exec redis-server - "$@" <<SETTINGS
$(cat "$(dirname "$0")/redis.conf")
requirepass $REDISCLI_AUTH
SETTINGS
