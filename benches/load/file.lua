-- Files tickets. BODIES: a file of JSON objects, one a line; KEY: the access
-- key; PACE_MS: the mean pause of a connection between two requests.
require("benches/load/report")

local bodies = {}
for line in io.lines(os.getenv("BODIES")) do
  bodies[#bodies + 1] = line
end
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("KEY"),
  ["Content-Type"] = "application/json",
}
local path = os.getenv("FILE_PATH") or "/v1/tickets"
local made, next = {}, 0

function request()
  next = next % #bodies + 1
  if not made[next] then
    made[next] = wrk.format("POST", path, headers, bodies[next])
  end
  return made[next]
end

local pace = tonumber(os.getenv("PACE_MS") or "0")
if pace > 0 then
  math.randomseed(os.time())
  function delay()
    return math.random() * 2 * pace
  end
end
