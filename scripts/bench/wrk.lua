-- Run by wrk: a closed loop of virtual users, each with a token and an IP address.
-- Arguments: the file of users; read, hold, keyed or confirm; the path of holds; paths or shows.
local heads, bodies, requests, turn, held = {}, {}, {}, 0, {}

function init(args)
  local mode, path, targets = args[2], args[3], {}
  for target in args[4]:gmatch("[^,]+") do table.insert(targets, target) end
  for line in io.lines(args[1]) do
    local token, address = line:match("^(%S+) (%S+)$")
    local i = #requests + 1
    local target = targets[i % #targets + 1]
    local head = " HTTP/1.1\r\nHost: bench\r\nX-Request-Id: " .. i .. "\r\nX-Forwarded-For: " .. address
    if mode == "read" then
      requests[i] = "GET " .. target .. head .. "\r\n\r\n"
    else
      local body = '{"showId":"' .. target .. '","quantity":1}'
      heads[i] = head .. "\r\nContent-Type: application/json\r\nAuthorization: Bearer " .. token
      bodies[i] = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
      requests[i] = "POST " .. path .. heads[i] .. bodies[i]
    end
  end
  if mode == "keyed" then
    -- Another run has other keys.
    local prefix, count = "\r\nIdempotency-Key: " .. os.time() .. "-" .. os.clock() * 1e6 .. "-", 0
    request = function()
      count = count + 1
      turn = turn % #requests + 1
      return "POST " .. path .. heads[turn] .. prefix .. count .. bodies[turn]
    end
  elseif mode == "confirm" then
    -- Without a response function wrk does not parse responses, which is faster.
    request, response = confirmOrHold, readHold
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

local hold = request

function confirmOrHold()
  local next = table.remove(held)
  if not next then return hold() end
  return "POST /api/v1/bookings/" .. next.id .. "/confirm" .. heads[next.user]
    .. "\r\nContent-Length: 0\r\n\r\n"
end

function readHold(status, headers, body)
  if status ~= 201 then return end
  local user = tonumber(headers["x-request-id"] or headers["X-Request-Id"])
  table.insert(held, { id = body:match('"id":"([^"]+)"'), user = user })
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"failed":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
