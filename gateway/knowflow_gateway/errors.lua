-- Words for errors which Envoy or the gRPC library made, in the shape of each surface.

----------------------------------------------------------------------------------------------------------------------
-- Text

local function percent_decoded(text)
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function is_utf8(text)
  if not text:find("[\128-\255]") then return true end
  -- A whole character becomes a blank, so that its neighbours do not join to a new one. Surrogates are no characters.
  local rest = text:gsub("\237[\160-\191]", "\255"):gsub("[\240-\244][\128-\191][\128-\191][\128-\191]", " ")
  rest = rest:gsub("[\224-\239][\128-\191][\128-\191]", " "):gsub("[\194-\223][\128-\191]", " ")
  return not rest:find("[\128-\255]")
end

local function quoted(text)
  if not is_utf8(text) then text = text:gsub("[\128-\255]", "?") end
  local escaped = text:gsub('["\\]', "\\%0"):gsub("%c", function(char) return string.format("\\u%04x", char:byte()) end)
  return '"' .. escaped .. '"'
end

----------------------------------------------------------------------------------------------------------------------
-- A sentence for people ...

local KINDS = {
  TYPE_BOOL = "true or false", TYPE_STRING = "a string", TYPE_BYTES = "base64 text", TYPE_FLOAT = "a number",
  TYPE_DOUBLE = "a number", TYPE_INT32 = "a whole number", TYPE_INT64 = "a whole number", TYPE_UINT32 = "a whole number, 0 or more",
  TYPE_UINT64 = "a whole number, 0 or more", ["type.googleapis.com/google.protobuf.ListValue"] = "a list",
}

local SENTENCES = {
  [400] = "The request is not valid.",
  [401] = "The API key is missing or not valid.",
  [403] = "This API key does not allow the request.",
  [404] = "It does not exist.",
  [408] = "The request did not arrive in time.",
  [409] = "The request conflicts with another one. Try again.",
  [429] = "Too many requests. Try again later.",
  [499] = "The caller went away.",
  [501] = "This operation is not available here.",
  [503] = "The server cannot be reached. Try again later.",
  [504] = "The server did not answer in time.",
}

-- A refused value may be megabytes long: its caller knows it, and matching it would keep everybody waiting.
local function shortened(detail)
  if #detail <= 600 then return detail end
  local head = detail:sub(1, 300):gsub("[\192-\255]?[\128-\191]*$", "")
  local tail = detail:sub(-200):gsub("^[\128-\191]+", "")
  return head .. "..." .. tail
end

-- What a caller typed there by mistake may be the right one: it is not shown again, and so stands in nobody's log.
local function is_secret(field) return field:find("password$") or field:find("secret$") or field:find("token$") end

-- Returns what to say about a number which is whole, but beyond its type; nil for anything else.
local function beyond(value, kind)
  local sign = kind:find("INT") and value:match('^"?(%-?)%d+"?$')
  if sign == "" then return "large" end
  if sign == "-" and not kind:find("UINT") then return "small" end
end

-- Returns a sentence about a request which the transcoder refused, the field it is about, and whether it is about JSON itself.
local function refusal(detail)
  detail = shortened(detail)
  local field, value, kind = detail:match("^(.-): invalid value (.*) for type ([%w_%./]+)%s*$")
  if field and field ~= "" then
    if value == "Starting an object on a scalar field" then return string.format("Field `%s` must hold no objects.", field), field end
    local wanted, much = KINDS[kind] or "an object or one of its named values", beyond(value, kind)
    if is_secret(field) then return string.format("Field `%s` must be %s.", field, wanted), field end
    if much then return string.format("Field `%s` is %s, which is too %s.", field, value, much), field end
    return string.format("Field `%s` is %s but must be %s.", field, value, wanted), field
  end
  -- Presence of an optional field is a oneof of its own.
  field = detail:match("oneof field '_(.-)' is already set")
  if field then return string.format("Field `%s` is given more than once.", field), field end
  field = detail:match("Starting an object on a scalar field for type (%S+)")
  if field then return string.format("Field `%s` must not be an object.", field), field end
  if detail:find("Proto field is not repeating", 1, true) then return "A list stands where a single value or an object belongs." end
  if detail:find("Root element must be a message", 1, true) then return "The body must be a JSON object." end
  local bound, name, given = detail:match('^The binding value "(.-)" of the field (%S+) is conflicting with the value (.-) in the body')
  if name then return string.format("Field `%s` is %s in the body but \"%s\" in the URL.", name, given, bound), name end
  -- The parser's first line says what is wrong, the others draw the place.
  local problem = detail:match("^[^\n]+")
  if problem then return "The body is not valid JSON: " .. problem, nil, true end
  return SENTENCES[400]
end

-- ... in the words of each surface. `problem` has status, sentence, field (or nil) and malformed (or nil).

local function knowflow(problem)
  local code = problem.status
  if code == 400 or code == 413 then code = 102 elseif code > 500 then code = 500 end
  return string.format('{"code":%d,"message":%s}', code, quoted(problem.sentence))
end

local PLATFORM_CODES = {
  [401] = "authentication_error", [403] = "permission_denied", [404] = "resource_not_found", [429] = "rate_limit_exceeded",
}

local FLOWGENT_TITLES = {
  [400] = "Validation failed", [401] = "Invalid API key", [403] = "Access denied", [404] = "Not found", [405] = "Method not allowed",
  [413] = "Content too large", [429] = "Too many requests", [503] = "Service unavailable", [504] = "Service unavailable",
}

local BODIES = {
  knowflow = knowflow,
  openai = function(problem)
    local kind = problem.status >= 500 and "server_error" or "invalid_request_error"
    local field = problem.field and quoted(problem.field) or "null"
    return string.format('{"error":{"message":%s,"type":"%s","param":%s,"code":null}}', quoted(problem.sentence), kind, field)
  end,
  health = function(problem)
    if problem.status < 500 then return knowflow(problem) end
    return string.format('{"status":"unhealthy","error":%s}', quoted(problem.sentence))
  end,
  platform = function(problem)
    local code = PLATFORM_CODES[problem.status] or (problem.status >= 500 and "server_error" or "validation_error")
    return string.format('{"status":"error","error":{"code":"%s","message":%s}}', code, quoted(problem.sentence))
  end,
  flowgent = function(problem)
    if problem.field == "page" or problem.field == "limit" then
      return '{"error":"Invalid pagination parameters","message":"Page must be a positive integer and limit must be between 1 and 100"}'
    end
    local title = problem.malformed and "Invalid JSON body" or FLOWGENT_TITLES[problem.status] or "Internal server error"
    return string.format('{"error":"%s","message":%s}', title, quoted(problem.sentence))
  end,
  knowledgebase = function(problem)
    if not problem.field then return string.format('{"error":%s}', quoted(problem.sentence)) end
    -- Fields have the names of JSON there.
    local field = problem.field:gsub("_(%l)", string.upper)
    local sentence = problem.sentence:gsub("^Field `[^`]*`", function() return "Field `" .. field .. "`" end)
    local detail = string.format('{"field":%s,"message":%s}', quoted(field), quoted(sentence))
    return string.format('{"error":"Validation error","details":[%s]}', detail)
  end,
  konversation = function(problem) return string.format('{"message":%s}', quoted(problem.sentence)) end,
}
