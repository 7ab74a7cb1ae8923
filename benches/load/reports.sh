# Reports over a made-up year of TICKETS tickets: a month of it, and all of it.

reports() {
  mkdir -p "$work/data"
  DESK_DATABASE_URL=$DATABASE_URL DESK_DATA_DIR=$work/data DESK_LOG=warn DESK_ADMIN_KEY=$KEY \
    target/release/runbook-desk demo --tickets "$TICKETS" --days 365 >/dev/null
  start_desk
  local month year
  month=$(date -u -d '60 days ago' +%F)
  year=$(date -u -d '366 days ago' +%F)
  local to
  to=$(date -u -d '30 days ago' +%F)
  reported "sla" "from=$month&to=$to" "≤ 300 ms"
  reported "sla" "from=$month&to=$to&tz=Asia/Kathmandu&group_by=day,urgency" "≤ 300 ms"
  reported "kpis" "from=$month&to=$to" ""
  reported "sla" "from=$year" "≤ 2000 ms"
  reported "sla" "from=$year&tz=Asia/Kathmandu&group_by=week,urgency" "≤ 2000 ms"
  reported "sla" "from=$year&cohort=resolved&group_by=month" "≤ 2000 ms"
  reported "entries" "from=$year" "≤ 2000 ms"
  reported "backlog" "group_by=urgency" ""
  row "memory after reports, most" "$(peak_mb) MB" "" "" "≤ 150 MB"
  stop_desk
}

# reported NAME QUERY GOAL: the median of five.
reported() {
  local took
  took=$(for _ in 1 2 3 4 5; do
    curl --silent --fail --output /dev/null --write-out '%{time_total}\n' \
      --header "Authorization: Bearer $KEY" "$origin/v1/reports/$1?$2"
  done | sort -n | sed -n 3p)
  row "report $1 ${2/from=/}" "$(awk -v s="$took" 'BEGIN { printf "%.0f", s * 1000 }') ms" "" "" "$3"
}
