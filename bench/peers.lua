-- wrk's side of the load on any server: token requests as forms, by chance from those given as arguments, each answer checked.
local token = '"access_token"%s*:%s*"[%w_-]+%.[%w_-]+%.[%w_-]+"'
local threads = {}
wrong = 0 -- in each thread; global, so that done() can read it

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local requests = {}
  for i, body in ipairs(args) do
    requests[i] = wrk.format('POST', nil, {['Content-Type'] = 'application/x-www-form-urlencoded'}, body)
  end
  math.randomseed(os.time())
  function request()
    return requests[math.random(#requests)]
  end
end

-- It costs wrk a few microseconds, which does not matter below some ten thousand answers a second.
function response(status, headers, body)
  if status ~= 200 or not body:find(token) then
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  local all = 0
  for _, thread in ipairs(threads) do
    all = all + thread:get('wrong')
  end
  io.write(string.format(
    'RESULT {"requests":%d,"us":%d,"wrong":%d,"broken":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, all,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
