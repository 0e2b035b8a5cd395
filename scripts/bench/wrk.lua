-- Run by wrk: POSTs of many buyers over many shows, and with `confirm` each hold is confirmed.
local heads, shows, path, confirms = {}, {}, nil, false
local turn, waiting = 0, {}
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  for line in io.lines(args[1]) do
    local token, address = line:match("^(%S+) (%S+)$")
    local index = #heads + 1
    heads[index] = " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Request-Id: "
      .. index .. "\r\nX-Forwarded-For: " .. address .. "\r\nAuthorization: Bearer " .. token
  end
  for id in args[2]:gmatch("[^,]+") do table.insert(shows, id) end
  path, keyed, confirms = args[3], args[4] == "keyed", args[4] == "confirm"
  -- Only who confirms has to read the answers.
  if confirms then response = read end
  created, confirmed, failed = 0, 0, 0
  -- Keys of one run must not be another's.
  prefix = tostring(os.time()) .. "-" .. tostring(os.clock() * 1e6)
end

function request()
  local next = table.remove(waiting)
  if next then
    return "POST /api/v1/bookings/" .. next.id .. "/confirm" .. heads[next.buyer]
      .. "\r\nContent-Length: 0\r\n\r\n"
  end
  turn = turn + 1
  local body = '{"showId":"' .. shows[turn % #shows + 1] .. '","quantity":1}'
  local key = keyed and "\r\nIdempotency-Key: " .. prefix .. "-" .. turn or ""
  return "POST " .. path .. heads[turn % #heads + 1] .. key
    .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function read(status, headers, body)
  if status == 201 then
    created = created + 1
    local buyer = tonumber(headers["x-request-id"] or headers["X-Request-Id"])
    table.insert(waiting, { id = body:match('"id":"([^"]+)"'), buyer = buyer })
  elseif status == 200 then
    confirmed = confirmed + 1
  else
    failed = failed + 1
  end
end

function done(summary, latency, requests)
  local confirmed = 0
  for _, thread in ipairs(threads) do confirmed = confirmed + (thread:get("confirmed") or 0) end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"failed":%d,"confirmed":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout, confirmed,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
