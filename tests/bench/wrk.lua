-- Replays requests from files, one a thread: PREFIX-0, PREFIX-1, ...  A record is
-- six digits, the length, and then the whole HTTP request.
-- Arguments: PREFIX, "wrap" or "once", requests a second or 0 for as many as are
-- answered, and the number of threads.  The first request of the first file is read
-- once more than it is sent: wrk looks at one before it begins.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long s, ns; } moment;
int clock_gettime(int clock, moment *out);
]]
local MONOTONIC = 1

local threads = {}

function setup(thread)
  thread:set("index", #threads)
  table.insert(threads, thread)
end

local now = ffi.new("moment")
local function now_ms()
  ffi.C.clock_gettime(MONOTONIC, now)
  return tonumber(now.s) * 1000 + tonumber(now.ns) / 1e6
end

-- A schedule that does not wait for answers: whichever connection is free takes
-- the next moment of it.
local function keep_schedule(per_second)
  local begun, taken = nil, 0
  function delay()
    begun = begun or now_ms()
    local due = begun + taken * 1000 / per_second
    taken = taken + 1
    return math.max(0, math.floor(due - now_ms() + 0.5))
  end
end

function init(args)
  file = assert(io.open(args[1] .. "-" .. index, "rb"))
  wrap = args[2] == "wrap"
  exhausted = false
  local rate = tonumber(args[3])
  if rate > 0 then keep_schedule(rate / tonumber(args[4])) end
end

function request()
  local length = file:read(6)
  if length == nil then
    exhausted = not wrap
    if exhausted then wrk.thread:stop() end
    file:seek("set", 0)
    length = file:read(6)
  end
  return file:read(tonumber(length))
end

function done(summary, latency, requests)
  local ran_out = false
  for _, thread in ipairs(threads) do
    ran_out = ran_out or thread:get("exhausted")
  end
  local e = summary.errors
  io.write(string.format(
    'RESULT {"seconds":%.6f,"requests":%d,"bytes":%d,"connect":%d,"read":%d,"write":%d,' ..
    '"timeout":%d,"status":%d,"mean":%.1f,"p50":%.1f,"p99":%.1f,"max":%.1f,"ranOut":%s}\n',
    summary.duration / 1e6, summary.requests, summary.bytes, e.connect, e.read, e.write,
    e.timeout, e.status, latency.mean, latency:percentile(50), latency:percentile(99),
    latency.max, tostring(ran_out)))
end
