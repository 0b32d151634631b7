-- wrk's side of the load: the seed's token request, from many clients in turn by chance. Arguments: audience, secret,
-- how many clients, and the id of the one client if there are no copies of it (see ClientCopies).
local head = 'POST /oauth/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s'
local body = '{"grant_type":"client_credentials","client_id":"%s","client_secret":"%s","audience":"%s"}'

function init(args)
  local count = tonumber(args[3])
  math.randomseed(os.time())
  function request()
    local id = count == 0 and args[4] or string.format('bench%027d', math.random(0, count - 1))
    local content = string.format(body, id, args[2], args[1])
    return string.format(head, wrk.host, #content, content)
  end
end

-- wrk itself counts what is not 2xx; a callback for each response would make the load a bottleneck.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"us":%d,"refused":%d,"broken":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
