-- Run by wrk: GETs of many visitors, each from an address of their own, over a list of paths.
local requests, turn = {}, 0

function init(args)
  local paths = {}
  for path in args[2]:gmatch("[^,]+") do table.insert(paths, path) end
  for line in io.lines(args[1]) do
    local index = #requests + 1
    requests[index] = "GET " .. paths[index % #paths + 1]
      .. " HTTP/1.1\r\nHost: bench\r\nX-Request-Id: " .. index
      .. "\r\nX-Forwarded-For: " .. line:match("^%S+ (%S+)$") .. "\r\n\r\n"
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"failed":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
