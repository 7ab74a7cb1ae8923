-- Reads. PATHS: a file of paths, one a line; KEY: the access key.
require("benches/load/report")

local requests = {}
local headers = { ["Authorization"] = "Bearer " .. os.getenv("KEY") }
local lines = {}
for line in io.lines(os.getenv("PATHS")) do
  lines[#lines + 1] = line
end

function init()
  for i, line in ipairs(lines) do
    requests[i] = wrk.format("GET", line, headers)
  end
end

local next = 0
function request()
  next = next % #requests + 1
  return requests[next]
end
