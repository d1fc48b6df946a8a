-- wrk: asks for the addresses of the file named in PATHS, one after another, again and again; each reader looks at an
-- answer for READS milliseconds before asking for the next.
local paths, at = {}, 0

function init(arguments)
  for path in io.lines(os.getenv("PATHS")) do
    paths[#paths + 1] = path
  end
  wrk.headers["Accept-Encoding"] = "gzip"
  wrk.headers["Accept-Language"] = "vi"
end

local reads = tonumber(os.getenv("READS") or "0")
if reads > 0 then
  function delay()
    return reads
  end
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
