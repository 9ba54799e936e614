-- wrk: posts the file BODY_FILE with the headers of HEADERS ("name: value" lines) and ends with one line of JSON.
wrk.method = "POST"
local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
wrk.body = file:read("*a")
file:close()
for name, value in string.gmatch(os.getenv("HEADERS") or "", "([%w-]+): ([^\n]+)") do wrk.headers[name] = value end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '\n{"requests":%d,"microseconds":%d,"p50":%.1f,"p99":%.1f,"refused":%d,"unanswered":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
