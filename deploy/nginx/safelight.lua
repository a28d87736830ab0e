-- Keys of the cache, and what makes them old.
--
-- Nothing is ever removed from the cache of nginx. Each key holds numbers, its generations: of everything, of the asset
-- that the path names, of the folders that the path lies in, of the path itself. A purge makes one of them grow, so that
-- older answers are not found any more and leave the cache as unused ones do. That holds for slices of ranges and for
-- all variants of a path, and a request that was under way during a purge stores its answer under the old key.
--
-- Paths that name no asset, such as those of articles or with a signature, share one generation, which each purge of an
-- asset raises: whatever shows it must go, and what such a path shows is known only to the origin. Pictures on request
-- share one that is raised with each asset that was seen within a picture of another, as watermarks are.
--
-- Generations are in shared memory, for all workers, and in a file, for the next start. When either fails, everything is
-- made old rather than something kept that should be gone. What workers need to take turns is in memory of its own, which
-- generations cannot fill. What the origin said is gone is a third, of which the oldest may be forgotten.
local M = {}

local UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
local OF_ASSET = "^/(?:media/(?:image|video|document)|images)/(" .. UUID .. ")(?=[/.?]|$)"
local TAG_OF_ASSET = "^asset-(" .. UUID .. ")(?:-v[1-9][0-9]{0,8})?$"
local GONE = { ["401"] = true, ["403"] = true, ["404"] = true, ["410"] = true }
local DEEPEST = 8
local MOST_ARGUMENTS = 100
-- Of the file, before it is written anew.
local MOST_LINES = 50000

local generations = ngx.shared.safelight_generations
local turns = ngx.shared.safelight_turns
local gone = ngx.shared.safelight_gone
local file
local fresh = false

-- Called once, before workers start. On a reload, memory is as it was.
function M.init(path)
  file = path
  if generations:get("all") then return end
  local lines = 0
  local input = io.open(file, "r")
  if input then
    for line in input:lines() do
      lines = lines + 1
      local name, value = line:match("^(%S+) (%d+)$")
      -- Purges are counted anew.
      if name and name:sub(1, 7) == "within:" then value = 0 end
      if name and not generations:safe_set(name, tonumber(value)) then
        generations:flush_all()
        break
      end
    end
    input:close()
  end
  if not generations:get("all") then
    -- No earlier run has had that number.
    generations:set("all", math.floor(ngx.now() * 1000))
    fresh = true
  end
  fresh = fresh or lines > MOST_LINES
end

local function unwritable(what)
  ngx.log(ngx.ERR, "safelight: ", file, " cannot be written, so the cache begins empty at the next start: ", what)
  -- What is not there makes everything old, and what comes next is written with all that memory holds.
  os.remove(file .. ".new")
  os.remove(file)
  turns:set("lines", MOST_LINES)
end

-- Answers why not all of it is written, if so: what is too much for a disk may show when it is closed.
local function write(path, mode, text)
  local output, failure = io.open(path, mode)
  if not output then return failure end
  local written, wrong = output:write(text)
  local closed, late = output:close()
  if not written then return wrong or "no reason is known" end
  if not closed then return late or "no reason is known" end
  return nil
end

local function line(name, value)
  return string.format("%s %d\n", name, value)
end

-- The file with what memory holds, and nothing twice.
local function rewrite()
  local lines = {}
  for _, name in ipairs(generations:get_keys(0)) do
    local value = generations:get(name)
    if value then lines[#lines + 1] = line(name, value) end
  end
  local failure = write(file .. ".new", "w", table.concat(lines))
  if failure then return unwritable(failure) end
  local renamed, wrong = os.rename(file .. ".new", file)
  if not renamed then return unwritable(wrong) end
  turns:set("lines", 0)
end

-- How many lines the file has now.
local function append(name, value)
  local failure = write(file, "a", line(name, value))
  if failure then unwritable(failure) end
  return turns:incr("lines", 1, 0)
end

local function note(name, value)
  if append(name, value) > MOST_LINES then rewrite() end
end

-- At no moment without a generation of everything, which each key holds.
local function make_all_old()
  generations:incr("all", 1)
  for _, name in ipairs(generations:get_keys(0)) do
    if name ~= "all" then generations:delete(name) end
  end
  -- What was stored meanwhile may rely on something that was deleted then.
  generations:incr("all", 1)
  rewrite()
end

local function raise(name)
  -- Not incr with a first value, which would throw out others when memory is full.
  if generations:get(name) == nil and not generations:safe_add(name, 0) then return make_all_old() end
  note(name, generations:incr(name, 1))
end

local function raise_asset(asset)
  raise("asset:" .. asset)
  raise("unnamed")
  if generations:get("within:" .. asset) then raise("pictures") end
end

-- One purge after the other, so that nothing is lost from the file. None takes as long as the lock holds. Should there be no
-- lock to be had, the purge goes on without, and the file, which may miss something then, is given up.
local function alone(work)
  local locked, failure = turns:safe_add("lock", 1, 30)
  while not locked and failure == "exists" do
    ngx.sleep(0.005)
    locked, failure = turns:safe_add("lock", 1, 30)
  end
  local well, wrong = pcall(work)
  if locked then
    turns:delete("lock")
  else
    unwritable("there is no lock: " .. tostring(failure))
  end
  if not well then error(wrong) end
end

-- Called in each worker, which has the rights of workers. Nobody can wait for a turn before it has begun.
function M.start()
  if fresh and ngx.worker.id() == 0 then
    ngx.timer.at(0, function() alone(rewrite) end)
  end
end

-- The path as it was sent, without its query: decoded, two addresses of the origin could become one here.
local function raw_path()
  local uri = ngx.var.request_uri
  local from = uri:find("?", 1, true)
  local path = from and uri:sub(1, from - 1) or uri
  -- A request in absolute form names the host in front.
  return path:match("^https?://[^/]*(/.*)$") or path
end

-- Parameters in one order. They are not decoded, so that those that differ in it stay different.
local function sorted_query()
  local query = ngx.var.args
  if not query or query == "" then return "" end
  -- A signature of CloudFront's holds for the order that it was made for, and its answer is not kept.
  if ("&" .. query):find("&Signature=", 1, true) then return query end
  local arguments = {}
  for argument in query:gmatch("[^&]+") do
    arguments[#arguments + 1] = argument
    if #arguments > MOST_ARGUMENTS then return query end
  end
  table.sort(arguments)
  return table.concat(arguments, "&")
end

-- Whether a client takes a format that it must name: one with the weight 0 is not taken.
local function takes(accept, format)
  local from = ngx.re.match(accept, "(?:^|,)\\s*image/" .. format .. "\\s*(;[^,]*)?(?:,|$)", "ijo")
  if not from then return false end
  return not (from[1] and ngx.re.find(from[1], ";\\s*q\\s*=\\s*0(?:\\.0*)?\\s*(?:;|$)", "ijo"))
end

-- The formats that a client takes beside those that all do. What the origin is sent says no more than the key does.
local function reduce_accept()
  local accept = ngx.var.http_accept or ""
  if #accept > 2000 then accept = "" end
  local formats = {}
  if takes(accept, "avif") then formats[#formats + 1] = "image/avif" end
  if takes(accept, "webp") then formats[#formats + 1] = "image/webp" end
  formats[#formats + 1] = "*/*"
  local reduced = table.concat(formats, ",")
  ngx.req.set_header("Accept", reduced)
  return reduced
end

-- The generations of the folders that a path lies in, of those alone that were ever raised: the first purge of a folder
-- changes no key outside of it.
local function folders(path)
  if not generations:get("folders") then return "" end
  local parts = {}
  local from = 1
  for depth = 1, DEEPEST do
    local at = path:find("/", from, true)
    if not at then break end
    local generation = generations:get("folder:" .. path:sub(1, at))
    if generation then parts[#parts + 1] = depth .. ":" .. generation end
    from = at + 1
  end
  return table.concat(parts, ".")
end

-- What a key holds beside the slice. Sets what the origin is sent, too: the path as it came, the query in its order.
function M.key()
  local path = raw_path()
  local query = sorted_query()
  local asset = ngx.re.match(path, OF_ASSET, "jo")
  ngx.var.safelight_address = path .. (query == "" and "" or "?" .. query)
  ngx.var.safelight_purges = turns:get("purges") or 0
  return table.concat({
    generations:get("all"),
    asset and (generations:get("asset:" .. asset[1]) or 0) or (generations:get("unnamed") or 0),
    generations:get("pictures") or 0,
    generations:get("path:" .. path) or 0,
    gone:get(path) or 0,
    folders(path),
    reduce_accept(),
    path,
    query,
  }, "|")
end

-- Remembers that an asset shows within the picture of another, and how many purges there were by then. Answers whether it
-- is remembered; nobody waits for a turn here.
local function learn(asset)
  if not turns:safe_add("lock", 1, 30) then return false end
  local well, added = pcall(function()
    return generations:safe_add("within:" .. asset, turns:get("purges") or 0) and append("within:" .. asset, 0)
  end)
  turns:delete("lock")
  return well and added
end

-- Looks for assets that show within the picture of another. What a purge would not find, or has not found because it came
-- before this answer, is not kept.
function M.look_at_tags()
  local tags = ngx.var.upstream_http_cache_tag
  local status = ngx.var.upstream_cache_status
  if not tags or status == "HIT" or not tags:find("asset%-.*asset%-") then return end
  local own = ngx.re.match(ngx.var.safelight_address, OF_ASSET, "jo")
  for tag in tags:gmatch("[^, ]+") do
    local asset = ngx.re.match(tag, TAG_OF_ASSET, "jo")
    if own and asset and asset[1] ~= own[1] then
      local name = "within:" .. asset[1]
      local known = generations:get(name) or (learn(asset[1]) and generations:get(name))
      if not known or known > tonumber(ngx.var.safelight_purges) then ngx.var.safelight_unfindable = "1" end
    end
  end
end

-- An old answer may be shown while the origin fails, which nginx says of 403 and 404, too. What was there and is not any
-- more gets another key, so that it is shown no longer.
function M.look_for_gone()
  local known = ngx.var.upstream_cache_status
  if known ~= "STALE" and known ~= "UPDATING" and known ~= "EXPIRED" then return end
  -- The last of those that were asked.
  local status = (ngx.var.upstream_status or ""):match("(%d+)$")
  if GONE[status or ""] then gone:set(raw_path(), math.floor(ngx.now() * 1000)) end
end

local function same(one, other)
  if #one ~= #other then return false end
  local difference = 0
  for i = 1, #one do
    difference = bit.bor(difference, bit.bxor(one:byte(i), other:byte(i)))
  end
  return difference == 0
end

-- What has to be done for a line; nil when it is not understood.
local function work_for(line)
  if line == "everything" then return function() raise("all") end end
  local tag = line:match("^tag ([a-z0-9][a-z0-9._-]*)$")
  if tag then
    local asset = ngx.re.match(tag, TAG_OF_ASSET, "jo")
    -- Spaces and articles do not show in paths.
    return asset and function() raise_asset(asset[1]) end or function() raise("all") end
  end
  local path = line:match("^path (/[!-~]*)$")
  if path then return function() raise("path:" .. path:match("^([^?]*)")) end end
  local prefix = line:match("^prefix (/[!-~]*)$")
  if not prefix then return nil end
  local asset = ngx.re.match(prefix, OF_ASSET, "jo")
  if asset then return function() raise("asset:" .. asset[1]) end end
  local _, depth = prefix:gsub("/", "")
  if prefix:sub(-1) == "/" and prefix ~= "/" and depth <= DEEPEST then
    return function()
      raise("folder:" .. prefix)
      if not generations:get("folders") then raise("folders") end
    end
  end
  return function() raise("all") end
end

-- Answers a purge: a list of what to forget, a line each. A list that is not understood is refused as a whole.
function M.purge(token)
  if ngx.req.get_method() ~= "POST" then return ngx.exit(405) end
  if not same(ngx.var.http_safelight_purge_token or "", token) then return ngx.exit(403) end
  ngx.req.read_body()
  local work = {}
  for line in (ngx.req.get_body_data() or ""):gmatch("[^\n]+") do
    local one = work_for(line)
    if not one then return ngx.exit(400) end
    work[#work + 1] = one
  end
  if #work == 0 then return ngx.exit(400) end
  alone(function()
    turns:incr("purges", 1, 0)
    for _, one in ipairs(work) do one() end
  end)
  return ngx.exit(204)
end

return M
