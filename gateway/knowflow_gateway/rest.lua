-- What a REST caller may send and what he gets to see. Native gRPC and gRPC-web pass untouched.
--
-- lua.py puts these in front of this file:
--   DEFAULT_SURFACE    the surface of a path which no rule covers
--   MAX_JSON_BYTES     largest body of a JSON request
--   MAX_UPLOAD_BYTES   largest body of an upload; the filter behind this one counts it
--   SURFACES           {path, surface}: the first whose pattern matches decides
--   EXCEPTIONS         {verb, path, surface}: routes which SURFACES would give to another surface
--   ROUTES             {verb, path, variables, upload}: every route; upload is 1 when the body streams to the server
-- Patterns match a path which ends in a slash.

local METADATA = "knowflow.rest"

-- The server's wishes about the answer, and traces of gRPC: none of them is a REST caller's business.
local INTERNAL_HEADERS = {
  "grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "grpc-accept-encoding",
  "x-rest-status", "x-rest-body", "x-rest-content-length",
}

-- Far beyond any real path, and short enough to be matched with every route.
local MAX_PATH_BYTES = 4096

-- They would change how the server reads a call which is not gRPC for its caller.
local GRPC_REQUEST_HEADERS = {"grpc-timeout", "grpc-encoding", "grpc-accept-encoding"}

----------------------------------------------------------------------------------------------------------------------
-- Request

local function surface_of(verb, path)
  for _, exception in ipairs(EXCEPTIONS) do
    if exception.verb == verb and path:find(exception.path) then return exception.surface end
  end
  for _, rule in ipairs(SURFACES) do
    if path:find(rule.path) then return rule.surface end
  end
  return DEFAULT_SURFACE
end

local ROUTES_BY_VERB, BOUND = {}, {}
for _, route in ipairs(ROUTES) do
  ROUTES_BY_VERB[route.verb] = ROUTES_BY_VERB[route.verb] or {}
  table.insert(ROUTES_BY_VERB[route.verb], route)
  for _, name in ipairs(route.variables) do BOUND[name] = true end
end

local function route_of(verb, path)
  for _, route in ipairs(ROUTES_BY_VERB[verb] or {}) do
    if path:find(route.path) then return route end
  end
end

local function contains(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

-- The path decides: in the transcoder, a query parameter with a path variable's name would overrule it.
local function without_bound_parameters(verb, path, query)
  local suspicious = false
  for pair in query:gmatch("[^&]+") do
    suspicious = suspicious or BOUND[percent_decoded(pair:match("^[^=]*"))]
  end
  local route = suspicious and route_of(verb, path)
  if not route then return query end
  local kept = {}
  for pair in query:gmatch("[^&]+") do
    if not contains(route.variables, percent_decoded(pair:match("^[^=]*"))) then table.insert(kept, pair) end
  end
  return table.concat(kept, "&")
end

local function note(handle, status, sentence)
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set(METADATA, "status", status)
  metadata:set(METADATA, "sentence", sentence)
end

local function refuse(handle, status, sentence)
  note(handle, status, sentence)
  handle:respond({[":status"] = tostring(status)}, sentence)
end

local function too_large(limit)
  return string.format("The request is larger than the limit of %d bytes.", limit)
end

-- The transcoder would hold a JSON body of any size. What is beyond the limit is dropped, and what is left is no JSON.
local function count_chunks(handle)
  local total = 0
  for chunk in handle:bodyChunks() do
    total = total + chunk:length()
    if total > MAX_JSON_BYTES then
      note(handle, 413, too_large(MAX_JSON_BYTES))
      chunk:setBytes("")
    end
  end
end

local function with_safe_request_id(handle, headers)
  local id = headers:get("x-request-id") or ""
  if id:find("^[%w%.:_-]+$") and #id <= 128 then return end
  local safe = id:gsub("[^%w%.:_-]", ""):sub(1, 128)
  headers:replace("x-request-id", safe ~= "" and safe or handle:timestampString(EnvoyTimestampResolution.MICROSECOND))
end

function envoy_on_request(handle)
  local headers = handle:headers()
  with_safe_request_id(handle, headers)
  if (headers:get("content-type") or ""):lower():find("^application/grpc") then return end

  local target = headers:get(":path")
  local path, query = target:match("^([^?]*)%??(.*)$")
  local slashed = path:gsub("/?$", "/", 1)
  local verb = headers:get(":method")
  if verb == "HEAD" then
    verb = "GET"
    headers:replace(":method", verb)
    headers:replace("x-knowflow-head", "1")
  end
  local surface = surface_of(verb, slashed)
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set(METADATA, "surface", surface)
  metadata:set(METADATA, "verb", verb)
  metadata:set(METADATA, "path", slashed)
  metadata:set(METADATA, "head", headers:get("x-knowflow-head") or "")
  headers:replace("x-knowflow-rest", surface)
  for _, name in ipairs(GRPC_REQUEST_HEADERS) do headers:remove(name) end

  if #path > MAX_PATH_BYTES then return refuse(handle, 414, "The path is longer than 4096 bytes.") end
  if path:find("//", 1, true) then return refuse(handle, 404, "There is no such path: a part of it is empty.") end
  if not is_utf8(percent_decoded(target)) then return refuse(handle, 400, "The URL is not valid UTF-8.") end
  local kept = without_bound_parameters(verb, slashed, query)
  if kept ~= query then headers:replace(":path", path .. "?" .. kept) end

  local length = tonumber(headers:get("content-length") or nil)
  local route = verb ~= "GET" and route_of(verb, slashed)
  if not route then return end
  if route.upload == 1 then
    -- With it, the server can tell a whole upload from one that was cut.
    if length then headers:replace("x-knowflow-content-length", tostring(length)) end
    return
  end
  if not length then return count_chunks(handle) end
  if length > MAX_JSON_BYTES then refuse(handle, 413, too_large(MAX_JSON_BYTES)) end
end

----------------------------------------------------------------------------------------------------------------------
-- Response

local function other_verbs(verb, path)
  local verbs = {}
  for other in pairs(ROUTES_BY_VERB) do
    if other ~= verb and route_of(other, path) then table.insert(verbs, other) end
  end
  table.sort(verbs)
  return table.concat(verbs, ", ")
end

-- Returns what to say about an error which came without words of the server. `detail` is Envoy's text; gRPC's is not for callers.
local function explained(call, status, detail)
  if call.sentence then return {status = call.status, sentence = call.sentence} end
  if detail and status == 400 then
    local sentence, field, malformed = refusal(detail)
    -- Where a list holds texts in place of objects, clients of this API expect to be told so.
    if call.surface == "konversation" and (field or ""):find("%[%d+%]$") then status = 422 end
    return {status = status, sentence = sentence, field = field, malformed = malformed}
  end
  if detail and status == 404 then
    -- The transcoder knows no 405: to it, a wrong method is an unknown path.
    local verbs = other_verbs(call.verb, call.path)
    if verbs == "" then return {status = 404, sentence = "There is no such path. Check the URL."} end
    return {status = 405, sentence = string.format("%s is not possible on this path. Possible: %s.", call.verb, verbs), allow = verbs}
  end
  if status == 413 then return {status = 413, sentence = too_large(MAX_UPLOAD_BYTES)} end
  return {status = status, sentence = SENTENCES[status] or "Internal error."}
end

-- Returns the status the server wishes; anything but a final HTTP status is none.
local function wished_status(metadata)
  local status = metadata:get("x-rest-status")
  return status and status:find("^[2-5]%d%d$") and status or nil
end

-- Sets status (nil leaves it) and body. Objects got before handle:body() or handle:trailers() are dead after it: those calls wait.
local function answer(handle, call, status, body)
  local buffer = handle:body(true)
  if buffer then buffer:setBytes(call.head == "1" and "" or body) end
  if status then handle:headers():replace(":status", tostring(status)) end
  handle:headers():replace("content-type", "application/json")
  handle:headers():replace("content-length", tostring(#body))
end

-- Removes what gRPC says after the last byte, and returns the server's words about an error in it, if any.
local function without_trailers(handle)
  local trailers = handle:trailers()
  if not trailers then return end
  local status, body = wished_status(trailers), trailers:get("x-rest-body")
  local names = {}
  for name in pairs(trailers) do table.insert(names, name) end
  for _, name in ipairs(names) do trailers:remove(name) end
  return status, body
end

function envoy_on_response(handle)
  local call = handle:streamInfo():dynamicMetadata():get(METADATA)
  if not call then return end
  local headers = handle:headers()
  local status, body = wished_status(headers), headers:get("x-rest-body")
  local length = headers:get("x-rest-content-length")
  -- The transcoder words a gRPC error as JSON, Envoy its own ones as text.
  local from_grpc = headers:get("content-type") ~= "text/plain"
  local failed = not status and tonumber(headers:get(":status")) >= 400
  for _, name in ipairs(INTERNAL_HEADERS) do headers:remove(name) end
  if length then
    headers:replace("content-length", length)
    -- If the download breaks off, HTTP/2 says so, but HTTP/1.1 does only by a closed connection.
    if handle:streamInfo():protocol() ~= "HTTP/2" then handle:streamInfo():drainConnectionUponCompletion() end
  end
  if status then headers:replace(":status", status) end

  if body then
    answer(handle, call, status, body)
  elseif failed then
    local buffer = handle:body(true)
    local detail = not from_grpc and buffer and buffer:getBytes(0, buffer:length()) or nil
    -- A server which had sent headers before it refused the call says the rest in the trailers.
    status, body = without_trailers(handle)
    if not body then
      local problem = explained(call, tonumber(handle:headers():get(":status")), detail)
      if problem.allow then handle:headers():replace("allow", problem.allow) end
      status, body = problem.status, BODIES[call.surface](problem)
    end
    answer(handle, call, status, body)
  elseif call.head == "1" then
    for chunk in handle:bodyChunks() do chunk:setBytes("") end
  end
  without_trailers(handle)
end
