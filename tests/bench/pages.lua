-- Open pages, as many as there are connections: each asks for the word of what has changed
-- every 800 ms, reads the file behind it when the word is another one, and the feed when the
-- file does not go back to the word it knows, but not twice within 10 s.  While the file can
-- name nothing, it is 4 s and 30 s.
-- Arguments: HOST, the folder of these files, TOKEN, pages and threads.
--
-- wrk knows no connections in Lua, so a page is one of a list, and whichever connection is
-- free asks for it.  What a page would learn from the answer is read from the file itself,
-- by and by: an answer that passes through Lua costs more than to serve it.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long s, ns; } moment;
int clock_gettime(int clock, moment *out);
]]
local MONOTONIC = 1
local TICK_MS = 800
local FLOOD_TICK_MS = 4000
local READ_MS = 800
local GAP_MS = 10000
local FLOOD_GAP_MS = 30000
local GAP_JITTER_MS = 2000
local LOOK_MS = 25

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

local function whole(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then file:close() end
  return text
end

local function get(host, path, token)
  local bearer = token and "Authorization: Bearer " .. token .. "\r\n" or ""
  return "GET " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\n" .. bearer ..
    "Accept: application/json\r\n\r\n"
end

function init(args)
  local threads_n = tonumber(args[5])
  host, folder, token = args[1], args[2], args[3]
  poll = get(host, "/api/changes")
  feed = get(host, "/api/calls?limit=50", token)
  math.randomseed(index + 1)
  begun = now_ms()
  pages = {}
  for i = 1, math.floor(tonumber(args[4]) / threads_n) do
    pages[i] = { read_ms = 0, gap_ms = begun - math.random() * FLOOD_GAP_MS }
  end
  slot, due_ms, looked_ms, changed_ms, gaps = 0, begun, 0, 0, 0
  wanted = {}
  polls, reads, feeds = 0, 0, 0
end

-- The word, and which words the file goes back to.
local function look(at)
  if at - looked_ms < LOOK_MS then return end
  looked_ms = at
  local text = whole(folder .. "/change.json")
  local word = text and text:match('"change":"([^"]+)"')
  local key = whole(folder .. "/key")
  if word == nil or key == nil or word == present then return end
  live = get(host, "/api/live/" .. key .. ".json")
  local file = whole(folder .. "/" .. key .. ".json")
  since = file and file:match('"since":(%b[])') or "[]"
  gaps = since == "[]" and gaps + 1 or 0
  present, changed_ms = word, at
end

-- Twice in a row nothing could be followed, and it goes on.
local function is_in_flood(at)
  return gaps >= 2 and at - changed_ms < FLOOD_TICK_MS
end

-- What a page does when its time has come; the word is asked for in any case.
local function tick(page, at)
  page.word = page.word or present
  if page.word ~= present and at - page.read_ms >= READ_MS then
    if not since:find('"' .. page.word .. '"', 1, true) and not page.due_ms then
      local gap_ms = is_in_flood(at) and FLOOD_GAP_MS or GAP_MS
      page.due_ms = math.max(at, page.gap_ms + gap_ms) + math.random() * GAP_JITTER_MS
    end
    page.read_ms, page.word = at, present
    table.insert(wanted, live)
    reads = reads + 1
  end
  if page.due_ms and at >= page.due_ms then
    page.gap_ms, page.due_ms = at, nil
    table.insert(wanted, feed)
    feeds = feeds + 1
  end
end

function delay()
  if #wanted > 0 then return 0 end
  local due = due_ms
  local at = now_ms()
  due_ms = due_ms + (is_in_flood(at) and FLOOD_TICK_MS or TICK_MS) / #pages
  return math.max(0, math.floor(due - at + 0.5))
end

function request()
  if #wanted > 0 then return table.remove(wanted) end
  local at = now_ms()
  look(at)
  tick(pages[slot % #pages + 1], at)
  slot = slot + 1
  polls = polls + 1
  return poll
end

function done(summary, latency, requests)
  local sum = { polls = 0, reads = 0, feeds = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sum) do sum[name] = sum[name] + thread:get(name) end
  end
  local e = summary.errors
  io.write(string.format(
    'RESULT {"seconds":%.6f,"requests":%d,"bytes":%d,"connect":%d,"read":%d,"write":%d,' ..
    '"timeout":%d,"status":%d,"polls":%d,"reads":%d,"feeds":%d,"p50":%.1f,"p99":%.1f}\n',
    summary.duration / 1e6, summary.requests, summary.bytes, e.connect, e.read, e.write,
    e.timeout, e.status, sum.polls, sum.reads, sum.feeds, latency:percentile(50),
    latency:percentile(99)))
end
