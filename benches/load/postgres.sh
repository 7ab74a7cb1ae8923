# A PostgreSQL of one's own: durable, on a loopback port, gone afterwards.
# Sets POSTGRES_URL; needs $work.

start_postgres() {
  bin=$(postgres_programs)
  if [ -z "$bin" ]; then
    need initdb postgresql
    bin=$(postgres_programs)
  fi
  cluster=$work/postgres
  mkdir "$cluster"
  if [ "$(id -u)" = 0 ]; then chown postgres "$cluster"; fi
  as_postgres "$bin/initdb" --pgdata="$cluster/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C --no-sync >/dev/null
  local port options
  options="-c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster -c max_connections=100
    -c shared_buffers=512MB -c max_wal_size=4GB -c fsync=on -c synchronous_commit=on"
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    if as_postgres "$bin/pg_ctl" --pgdata="$cluster/data" --log="$cluster/log" --wait \
      --options="-p $port ${options//$'\n'/ }" start >/dev/null; then
      POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
      return
    fi
  done
  cat "$cluster/log"
  return 1
}

stop_postgres() {
  as_postgres "$bin/pg_ctl" --pgdata="$cluster/data" --mode=immediate stop >/dev/null 2>&1 || true
}

psql_quietly() {
  "$bin/psql" --quiet --set ON_ERROR_STOP=1 "$POSTGRES_URL" "$@" >/dev/null
}

# Transactions per second of one of the floors' scripts.
floor() {
  "$bin/pgbench" --no-vacuum --protocol=prepared --client=32 --jobs=2 --time="$SECONDS_EACH" \
    --file="benches/load/$1.sql" "$POSTGRES_URL" 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

# The folder of initdb and pg_ctl, the newest where there are several.
postgres_programs() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  if [ ! -x "$found" ]; then found=$(command -v initdb || true); fi
  if [ -n "$found" ]; then dirname "$found"; fi
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    # Started in the root folder, which every user can enter.
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}
