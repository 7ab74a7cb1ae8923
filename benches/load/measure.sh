# Starting the desk, loading it, and printing what was measured.

# Installs a Debian package when its program is missing.
need() {
  if command -v "$1" >/dev/null; then return; fi
  local sudo=
  if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -qq --no-install-recommends "$2" >/dev/null
}

title() {
  printf '\n%-44s %12s %12s %7s %9s\n' "$1" figure floor ratio goal
}

# row NAME FIGURE FLOOR RATIO GOAL
row() {
  printf '%-44s %12s %12s %7s %9s\n' "$@"
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'
}

rate() { cut -d ' ' -f 2; }
p99() { cut -d ' ' -f 4; }

fsync_ms() {
  local start=$EPOCHREALTIME
  dd if=/dev/zero of="$work/fsync" bs=4k count=200 oflag=dsync 2>/dev/null
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", (b - a) * 1000 / 200 }'
}

start_desk() {
  port=$((20000 + RANDOM % 12000))
  origin=http://127.0.0.1:$port
  mkdir -p "$work/data"
  local start=$EPOCHREALTIME
  DESK_LISTEN=127.0.0.1:$port DESK_DATABASE_URL=$DATABASE_URL DESK_DATA_DIR=$work/data \
    DESK_ADMIN_KEY=$KEY DESK_RATE_LIMIT_PER_SECOND=0 DESK_LOG=${DESK_LOG:-warn} \
    ${DESK:-target/release/runbook-desk} serve >>"$work/desk.log" 2>&1 &
  desk=$!
  until curl --silent --fail --output /dev/null "$origin/readyz"; do
    kill -0 "$desk" || { cat "$work/desk.log" && exit 1; }
  done
  started_ms=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f", (b - a) * 1000 }')
}

stop_desk() {
  if [ -n "${desk:-}" ]; then
    kill "$desk" 2>/dev/null || true
    wait "$desk" 2>/dev/null || true
    desk=
  fi
}

start_orm() {
  port=$((20000 + RANDOM % 12000))
  origin=http://127.0.0.1:$port
  "$tool" orm-server "$1" "$port" &
  orm_server=$!
  until curl --silent --fail --output /dev/null --data ready "$origin/"; do
    kill -0 "$orm_server"
  done
}

stop_orm() {
  if [ -n "${orm_server:-}" ]; then
    kill "$orm_server" 2>/dev/null || true
    wait "$orm_server" 2>/dev/null || true
    orm_server=
  fi
}

# load CONNECTIONS SECONDS SCRIPT [NAME=VALUE…]: the RESULT line of report.lua.
load() {
  local connections=$1 seconds=$2 script=$3
  shift 3
  env KEY="$KEY" BODIES="$work/bodies" "$@" wrk --latency --threads 1 --connections "$connections" \
    --duration "${seconds}s" --timeout 10s --script "benches/load/$script.lua" "$origin" |
    sed -n '/^RESULT/p' | complain
}

# Answers that were refused would be no measure of anything.
complain() {
  local line
  read -r line
  if [ "${line##* }" != 0 ]; then echo "errors: $line" >&2; fi
  echo "$line"
}

# get PATH
get() {
  curl --silent --fail --header "Authorization: Bearer $KEY" "$origin$1"
}

resident_mb() {
  awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$desk/status"
}

peak_mb() {
  awk '/^VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$desk/status"
}

# Filing at 1, 8, 32 and 64 connections; sets at_32.
filing() {
  local result half pace
  # Triage learns beside the start.
  sleep 2
  row "memory at rest" "$(resident_mb) MB" "" "" "≤ 40 MB"
  load 32 2 file >/dev/null
  for connections in 1 8 32 64; do
    result=$(load "$connections" "$SECONDS_EACH" file)
    row "filing, $connections connections" "$(rate <<<"$result")/s" "" "" ""
    if [ "$connections" = 32 ]; then at_32=$(rate <<<"$result"); fi
  done
  # Each of 64 connections pauses so long that half the rate comes out.
  half=$((at_32 / 2))
  pace=$((64 * 1000 / (half + 1)))
  result=$(load 64 "$SECONDS_EACH" file PACE_MS="$pace")
  row "p99 of filing at $(rate <<<"$result")/s" "$(p99 <<<"$result") ms" "" "" "≤ 15 ms"
}

everything_else() {
  fill
  reading
  listing
  searching
  patching
  row "memory, most" "$(peak_mb) MB" "" "" "≤ 150 MB"
  stop_desk
  start_desk
  row "start until ready" "$started_ms ms" "" "" "≤ 500 ms"
  sleep 2
  row "memory at rest" "$(resident_mb) MB" "" "" "≤ 40 MB"
}

# Fills up to TICKETS by batches of 1,000.
fill() {
  local have want start batches=0 longest=0 took
  newest
  have=$((last - 1000))
  want=$((TICKETS - have))
  start=$EPOCHREALTIME
  while [ $((batches * 1000)) -lt "$want" ]; do
    took=$("$tool" bodies 1000 $((batches + 100)) | curl --silent --fail --output /dev/null \
      --write-out '%{time_total}' --header "Authorization: Bearer $KEY" \
      --header 'Content-Type: application/x-ndjson' --data-binary @- "$origin/v1/tickets/batch")
    longest=$(awk -v a="$took" -v b="$longest" 'BEGIN { print (a > b ? a : b) }')
    batches=$((batches + 1))
  done
  if [ "$batches" -gt 0 ]; then
    took=$(awk -v a="$start" -v b="$EPOCHREALTIME" -v n="$batches" 'BEGIN { printf "%.0f", (b - a) * 1000 / n }')
    row "1,000 tickets in one call, mean of $batches" "$took ms" "" "" "< 1000 ms"
    row "1,000 tickets in one call, longest" "$(awk -v s="$longest" 'BEGIN { printf "%.0f", s * 1000 }') ms" "" "" "< 1000 ms"
  fi
  if [ -n "${cluster:-}" ]; then psql_quietly -c 'VACUUM ANALYZE tickets'; fi
  newest
}

# The number of the newest ticket.
newest() {
  last=$(get '/v1/tickets?limit=1' | grep -o '"number":[0-9]*' | head -n 1 | cut -d : -f 2)
}

# measured NAME GOAL CONNECTIONS FILE-OF-PATHS: rate and p99.
measured() {
  local result
  result=$(PATHS=$4 load "$3" "$SECONDS_EACH" paths)
  row "$1, $(rate <<<"$result")/s: p99" "$(p99 <<<"$result") ms" "" "" "$2"
}

reading() {
  shuf --input-range=1001-"$last" --repeat --head-count=20000 |
    sed 's|^|/v1/tickets/T-|' >"$work/reads"
  measured "reading one ticket, 4 connections" "≤ 5 ms" 4 "$work/reads"
}

# Lists of 50 by several filters, from the newest on and deep inside.
listing() {
  local filter depth cursor
  for filter in 'status=new' 'status=new&urgency=critical' 'kind=feature&level=1' \
    'tag=vendor' 'status=new,open&sort=urgency' 'sort=due' 'sort=-updated' 'assignee=nobody'; do
    for depth in 0 90; do
      cursor=$(cursor_at "$filter" $((last - (last - 1000) * depth / 100)))
      echo "/v1/tickets?$filter&limit=50$cursor" >"$work/list"
      measured "listing $filter, at $depth %" "≤ 10 ms" 2 "$work/list"
    done
  done
}

# The first page's cursor, moved to another ticket: hex of JSON whose `s` is the
# number after which a page begins.
cursor_at() {
  local filter=$1 number=$2 hex moved
  hex=$(get "/v1/tickets?$filter&limit=50" | sed -n 's/.*"next_cursor":"\([0-9a-f]*\)".*/\1/p')
  if [ -z "$hex" ]; then return; fi
  moved=$(xxd -r -p <<<"$hex" | sed "s/\"s\":[0-9]*/\"s\":$number/" | xxd -p | tr -d '\n')
  echo "&cursor=${moved%0a}"
}

# Words from the commonest to a seldom one, alone and together, and a phrase.
searching() {
  local rank
  for rank in 0 100 2000; do
    echo "/v1/tickets?q=$("$tool" word "$rank")" >"$work/search"
    measured "words: of rank $rank" "≤ 150 ms" 2 "$work/search"
  done
  echo "/v1/tickets?q=payment" >"$work/search"
  measured "words: payment" "≤ 150 ms" 2 "$work/search"
  echo "/v1/tickets?q=payment%20$("$tool" word 2000)" >"$work/search"
  measured "words: one common, one seldom" "≤ 150 ms" 2 "$work/search"
  echo "/v1/tickets?q=%22order%20still%20says%22&status=new" >"$work/search"
  measured "words: a phrase, filtered" "≤ 150 ms" 2 "$work/search"
  echo "/v1/tickets?q=paym*" >"$work/search"
  measured "words: a prefix" "≤ 150 ms" 2 "$work/search"
  echo "/v1/tickets?q=payment&sort=relevance" >"$work/search"
  measured "words: by relevance" "≤ 150 ms" 2 "$work/search"
}

patching() {
  local result
  result=$(load 8 "$SECONDS_EACH" patch FIRST=1001 COUNT=20000)
  row "patching, 8 connections; p99 $(p99 <<<"$result") ms" "$(rate <<<"$result")/s" "" "" ""
}
