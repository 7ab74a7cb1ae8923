-- Patches one ticket after the other. FIRST, COUNT: their numbers; KEY: the
-- access key. Every round changes the tags, so that no patch is empty.
require("benches/load/report")

local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("KEY"),
  ["Content-Type"] = "application/json",
  ["If-Match"] = "*",
}
local first, count = tonumber(os.getenv("FIRST")), tonumber(os.getenv("COUNT"))
local n = 0

function request()
  local ticket = first + n % count
  n = n + 1
  return wrk.format("PATCH", "/v1/tickets/T-" .. ticket, headers, '{"tags":["round' .. n .. '"]}')
end
