-- The conversation's family {c<p>}. Constants (DAY, CLAIM, …) are put in front by library.py.
--
-- KEYS, always in this order (a function takes as many as it needs):
--   1 meta     hash of the partition: boot:<instance>, n (outbox counter), lease (owner), till (of the lease)
--   2 waiting  zset conversation -> when the sweeper looks at it: end of its claim
--   3 session  hash: v version, d sealed session, a last activity, c claim, u claimed until, o owner, e epoch,
--              b tokens, t when they were counted, l last told "too fast", h entry handed out last,
--              x exceptions of the first entry, n sequence number of what came in or was said last, os that of the
--              change of owner, f lines that came too fast since the last entry
--   4 inbox    list of {entry, previous activity, mark of the message's id, marks it is known by, sealed message}
--   5 seen     zset mark -> when
--   6 outbox   hash id -> "<counter> <sealed>"
--   7 unsure   zset id -> when it goes again, if nobody confirms it
--   8 held     list of sealed replies that were computed too late: somebody else owns the conversation
--   9 journal  zset sealed lines -> sequence number: what was said, for staff
-- A claim is <instance>/<boot>/<n>. It is dead when its time is over or its instance was started again.
-- The clock may be set back: what lies twice as far ahead as anything is put, is over.

local function clock(offset)
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000) + offset
end

local function whole(number)
  return string.format('%.0f', number)
end

local function name(keys)
  return string.match(keys[3], ':s:(.*)$')
end

local function live(keys, claim, till, at)
  if not claim or not till or till + 0 <= at or till - at > 2 * CLAIM then return false end
  local instance, boot = string.match(claim, '^(.*)/(.*)/')
  local known = redis.call('HGET', keys[1], 'boot:' .. instance)
  return not known or known == boot
end

local function first(keys)
  local head = redis.call('LINDEX', keys[4], 0)
  return head and cmsgpack.unpack(head)
end

-- Give the first entry to `claim`; the text of entry `own` is with the caller already.
local function hand(keys, at, claim, head, own)
  local s = redis.call('HMGET', keys[3], 'v', 'o', 'e', 'x', 'd')
  redis.call('HSET', keys[3], 'c', claim, 'u', at + CLAIM, 'h', head[1])
  redis.call('ZADD', keys[2], at + CLAIM, name(keys))
  local text = head[1] == own and '' or head[5]
  local line = { 'yours', head[1], head[2], 1 + (s[4] or 0), s[1] or 0, s[2] or 'bot', s[3] or 0, claim, at, #text, head[6] or 0 }
  return table.concat(line, ' ') .. '\n' .. text .. (s[5] or '')
end

local function release(keys)
  redis.call('HDEL', keys[3], 'c', 'u')
  redis.call('ZREM', keys[2], name(keys))
end

local function next_or_release(keys, at, claim)
  local head = first(keys)
  if head then return hand(keys, at, claim, head) end
  release(keys)
  return 'done'
end

-- The next number of what is said. A conversation that was forgotten meanwhile begins at the clock's seconds: what is
-- written down of it for months lies under these numbers, and none may come twice.
local function following(keys, at)
  redis.call('HSETNX', keys[3], 'n', whole(math.floor(at / 1000)))
  redis.call('PEXPIRE', keys[3], SESSION)
  return redis.call('HINCRBY', keys[3], 'n', 1)
end

-- The mark that is known already, if there is one.
local function known(keys, marks, at)
  for _, mark in ipairs(marks) do
    local when = redis.call('ZSCORE', keys[5], mark)
    if when and when + 0 > at - DAY then return mark end
  end
end

local function remember(keys, marks, at)
  if #marks == 0 then return end
  for _, mark in ipairs(marks) do redis.call('ZADD', keys[5], at, mark) end
  redis.call('ZREMRANGEBYSCORE', keys[5], '-inf', at - DAY)
  redis.call('PEXPIRE', keys[5], DAY + HOUR)
end

local function pending(keys, mark)
  for _, raw in ipairs(redis.call('LRANGE', keys[4], 0, -1)) do
    if string.find(cmsgpack.unpack(raw)[4], mark, 1, true) then return true end
  end
  return false
end

-- A correction takes the place of an entry that nobody was ever handed.
local function correct(keys, handed, replaces, marks, sealed)
  if replaces == '' then return nil end
  for i, raw in ipairs(redis.call('LRANGE', keys[4], 0, -1)) do
    local e = cmsgpack.unpack(raw)
    if e[3] == replaces and e[1] ~= handed then
      redis.call('LSET', keys[4], i - 1, cmsgpack.pack({ e[1], e[2], e[3], e[4] .. marks, sealed, e[6] }))
      return true
    end
  end
end

-- Under a human, and for those who serve, the limit is that of two people who talk.
local function burst_of(owner, desk)
  if desk == '1' then return LINES end
  local human = owner and string.find(owner, '/', 1, true)
  return human and not string.find(owner, '^[qc][a-z]*/') and LINES or BURST
end

-- ARGV: offset, claim, sealed message, mark of its id, mark of the id it corrects, 1 = by staff, marks it is known by …
local function accept(keys, argv)
  local at, claim = clock(argv[1]), argv[2]
  local marks = { unpack(argv, 7) }
  local s = redis.call('HMGET', keys[3], 'c', 'u', 'a', 'b', 't', 'l', 'h', 'o', 'f')
  local taken = live(keys, s[1], s[2], at)
  local double = known(keys, marks, at)
  if double then
    if not pending(keys, double) then return 'done' end
    if taken and s[1] ~= claim then return 'pending' end -- with this claim: its answer never arrived
    return hand(keys, at, claim, first(keys))
  end
  local burst = burst_of(s[8], argv[6])
  local tokens = math.min(burst, (s[4] or burst) + math.max(0, at - (s[5] or at)) * RATE / 1000)
  if tokens < 1 then
    local tell = not s[6] or at - s[6] >= TELL or at < s[6] + 0
    redis.call('HSET', keys[3], 'a', at, 'b', tokens, 't', at, 'l', tell and at or s[6], 'f', (s[9] or 0) + 1)
    redis.call('PEXPIRE', keys[3], SESSION)
    return tell and 'fast tell' or 'fast'
  end
  redis.call('HSET', keys[3], 'a', at, 'b', tokens - 1, 't', at)
  redis.call('PEXPIRE', keys[3], SESSION)
  remember(keys, marks, at)
  local entry
  if not correct(keys, s[7], argv[5], table.concat(marks), argv[3]) then
    entry = string.format('%.0f-%d-%s', at, following(keys, at), string.match(name(keys), '%-(........)'))
    redis.call('RPUSH', keys[4], cmsgpack.pack({ entry, s[3] or '0', argv[4], table.concat(marks), argv[3], s[9] or 0 }))
    if s[9] then redis.call('HDEL', keys[3], 'f') end
  end
  if taken then return 'queued' end
  return hand(keys, at, claim, first(keys), entry)
end

-- Into the outbox, once per id: replies are triples of id, mark, sealed from argv[from] on; the sweeper sends them
-- when nobody has confirmed them by `due`.
local function put(keys, at, argv, from, due)
  for i = from, #argv, 3 do
    local id, mark = argv[i], argv[i + 1]
    if redis.call('HEXISTS', keys[6], id) == 0 and not known(keys, { mark }, at) then
      local n = redis.call('HINCRBY', keys[1], 'n', 1)
      redis.call('HSET', keys[6], id, n .. ' ' .. argv[i + 2])
      redis.call('ZADD', keys[7], due, id)
      remember(keys, { mark }, at)
    end
  end
end

local function hold_back(keys, argv, from)
  for i = from, #argv, 3 do redis.call('LPUSH', keys[8], argv[i] .. ' ' .. argv[i + 2]) end
  redis.call('LTRIM', keys[8], 0, HELD - 1)
  redis.call('PEXPIRE', keys[8], SESSION)
end

local function log(keys, seq, sealed)
  if sealed == '' then return end
  redis.call('ZADD', keys[9], seq, sealed)
  redis.call('ZREMRANGEBYRANK', keys[9], 0, -LOGGED - 1)
  redis.call('PEXPIRE', keys[9], SESSION)
end

-- ARGV: offset, claim, entry, version, owner, epoch, sealed session, sealed journal or '', next owner or '', its epoch,
-- replies … · When somebody else owns the conversation by now, the turn is handed out again: it is his.
local function commit(keys, argv)
  local at, claim = clock(argv[1]), argv[2]
  local s = redis.call('HMGET', keys[3], 'c', 'v', 'o', 'e')
  local head = first(keys)
  if not head or head[1] ~= argv[3] then -- committed before
    if s[1] == claim then return next_or_release(keys, at, claim) end
    return 'done'
  end
  if s[1] ~= claim or (s[2] or '0') ~= argv[4] then return 'conflict' end
  if (s[3] or 'bot') ~= argv[5] or (s[4] or '0') ~= argv[6] then
    if argv[11] then hold_back(keys, argv, 11) end
    return 'suppressed ' .. hand(keys, at, claim, head)
  end
  redis.call('LPOP', keys[4])
  redis.call('HSET', keys[3], 'v', argv[4] + 1, 'd', argv[7], 'x', 0)
  if argv[9] ~= '' then redis.call('HSET', keys[3], 'o', argv[9], 'e', argv[10]) end
  redis.call('PEXPIRE', keys[3], SESSION)
  log(keys, string.match(argv[3], '%-(%d+)%-'), argv[8])
  put(keys, at, argv, 11, at + CONFIRM)
  return next_or_release(keys, at, claim)
end

-- ARGV: offset, claim, old claim, entry or '', what: take | again | failed | drop
local function take(keys, argv)
  local at, claim, old, entry, what = clock(argv[1]), argv[2], argv[3], argv[4], argv[5]
  local s = redis.call('HMGET', keys[3], 'c', 'u')
  local mine = s[1] == old
  local head = first(keys)
  if live(keys, s[1], s[2], at) and not mine then
    redis.call('ZADD', keys[2], s[2], name(keys))
    return 'queued'
  end
  if not head then
    release(keys)
    return 'done'
  end
  if entry ~= '' and head[1] ~= entry then
    if mine then
      redis.call('HDEL', keys[3], 'c', 'u')
      redis.call('ZADD', keys[2], at, name(keys))
    end
    return 'done'
  end
  if what == 'failed' then redis.call('HINCRBY', keys[3], 'x', 1) end
  if what == 'drop' then
    redis.call('LPOP', keys[4])
    redis.call('HSET', keys[3], 'x', 0)
    return next_or_release(keys, at, claim)
  end
  return hand(keys, at, claim, head)
end

-- ARGV: offset, claim. The entry stays; whoever sweeps next takes it.
local function give_back(keys, argv)
  if redis.call('HGET', keys[3], 'c') ~= argv[2] then return 0 end
  redis.call('HDEL', keys[3], 'c', 'u')
  if redis.call('EXISTS', keys[4]) == 1 then
    redis.call('ZADD', keys[2], clock(argv[1]), name(keys))
  else
    redis.call('ZREM', keys[2], name(keys))
  end
  return 1
end

-- KEYS: waiting, sessions … · ARGV: offset, claims … · returns the positions of claims that were lost
local function renew(keys, argv)
  local at, lost = clock(argv[1]), {}
  for i = 2, #keys do
    if redis.call('HGET', keys[i], 'c') == argv[i] then
      redis.call('HSET', keys[i], 'u', at + CLAIM)
      redis.call('ZADD', keys[1], at + CLAIM, string.match(keys[i], ':s:(.*)$'))
    else
      lost[#lost + 1] = i - 2
    end
  end
  return lost
end

-- KEYS of a conversation · ARGV: offset, sealed journal or '', replies … · no turn sends these: the next sweep does.
-- Returns who owns the conversation, and the sequence number, 0 when it was said before.
local function append(keys, argv)
  local at, seq = clock(argv[1]), 0
  if not known(keys, { argv[4] }, at) then
    seq = following(keys, at)
    log(keys, seq, argv[2])
  end
  put(keys, at, argv, 3, at)
  return { redis.call('HGET', keys[3], 'o') or 'bot', seq }
end

-- KEYS of a conversation · ARGV: offset, owner or '' (whoever it is), epoch, mark, sealed journal or '', replies …
-- A line that no turn answers. Its sequence number, 0 when it was said before, nil when somebody else owns it.
local function speak(keys, argv)
  local at = clock(argv[1])
  if known(keys, { argv[4] }, at) then return 0 end
  local s = redis.call('HMGET', keys[3], 'o', 'e')
  if argv[2] ~= '' and ((s[1] or 'bot') ~= argv[2] or (s[2] or '0') ~= argv[3]) then return nil end
  remember(keys, { argv[4] }, at)
  local seq = following(keys, at)
  log(keys, seq, argv[5])
  put(keys, at, argv, 6, at + CONFIRM)
  return seq
end

-- KEYS of a conversation · ARGV: offset, owner, epoch, sealed journal or '', replies … · it changes hands, with a word.
-- The sequence number at which it did (the same when this is done again), nil when it went on to others since.
local function own(keys, argv)
  local at = clock(argv[1])
  local s = redis.call('HMGET', keys[3], 'o', 'e', 'os')
  local epoch = (s[2] or 0) + 0
  if epoch == argv[3] + 0 and s[1] == argv[2] then return (s[3] or 0) + 0 end
  if epoch >= argv[3] + 0 then return nil end
  local seq = following(keys, at)
  redis.call('HSET', keys[3], 'o', argv[2], 'e', argv[3], 'os', seq)
  log(keys, seq, argv[4])
  put(keys, at, argv, 5, at + CONFIRM)
  return seq
end

-- KEYS of a conversation · ARGV: offset · all that is remembered is forgotten, but for the ids that were seen: a line
-- that is sent again must not count twice. -1: somebody works in it, or staff have it; else how many keys there were.
local function forget(keys, argv)
  local s = redis.call('HMGET', keys[3], 'c', 'u', 'o')
  local staff = s[3] and s[3] ~= 'bot' and not string.find(s[3], '^closed/')
  if staff or live(keys, s[1], s[2], clock(argv[1])) or redis.call('EXISTS', keys[4]) == 1 then return -1 end
  return redis.call('DEL', keys[3], keys[8], keys[9])
end

-- KEYS: outbox, unsure · ARGV: ids
local function delivered(keys, argv)
  redis.call('HDEL', keys[1], unpack(argv))
  return redis.call('ZREM', keys[2], unpack(argv))
end

-- KEYS: meta, waiting · ARGV: offset, instance, boot. What this instance held under its last life is free now.
local function hello(keys, argv)
  local at = clock(argv[1])
  redis.call('HSET', keys[1], 'boot:' .. argv[2], argv[3])
  for _, conversation in ipairs(redis.call('ZRANGE', keys[2], 0, -1)) do
    redis.call('ZADD', keys[2], at, conversation)
  end
  return 1
end

local function due(key, till, never, limit)
  local found = redis.call('ZRANGEBYSCORE', key, '-inf', till, 'LIMIT', 0, limit)
  if #found > 0 then return found end
  return redis.call('ZRANGEBYSCORE', key, whole(never), '+inf', 'LIMIT', 0, limit)
end

-- KEYS: meta, waiting, outbox, unsure · ARGV: offset, instance, limit, since: what was put into the outbox before goes
-- at once, and so before what is put there later
-- nil unless this instance is the partition's sweeper; {conversations, {id, "<counter> <sealed>", …}}
local function peek(keys, argv)
  local at = clock(argv[1])
  local lease = redis.call('HMGET', keys[1], 'lease', 'till')
  local mine = lease[1] == argv[2]
  local left = (lease[2] or 0) - at
  if not mine and lease[1] and left > 0 and left <= 2 * LEASE then return nil end
  if not mine or left < LEASE / 2 or left > LEASE then
    redis.call('HSET', keys[1], 'lease', argv[2], 'till', at + LEASE)
  end
  local waiting = due(keys[2], at, at + 2 * CLAIM, argv[3])
  local till = math.max(at, argv[4] + CONFIRM - 1)
  local unsure = due(keys[4], till, at + 2 * CONFIRM, argv[3])
  if #waiting == 0 and #unsure == 0 then return nil end
  local out = {}
  for _, id in ipairs(unsure) do
    local raw = redis.call('HGET', keys[3], id)
    if raw then
      redis.call('ZADD', keys[4], at + CONFIRM, id)
      out[#out + 1] = id
      out[#out + 1] = raw
    else
      redis.call('ZREM', keys[4], id)
    end
  end
  return { waiting, out }
end

-- KEYS: instances (its own slot) · ARGV: offset, instance, "leave" or "" · returns the instances that live
local function alive(keys, argv)
  local at = clock(argv[1])
  if argv[3] == 'leave' then
    redis.call('ZREM', keys[1], argv[2])
  else
    redis.call('ZADD', keys[1], at, argv[2])
  end
  redis.call('ZREMRANGEBYSCORE', keys[1], '-inf', at - LEASE)
  redis.call('ZREMRANGEBYSCORE', keys[1], whole(at + LEASE), '+inf')
  return redis.call('ZRANGE', keys[1], 0, -1)
end

register('accept', accept)
register('commit', commit, { 'allow-oom' })
register('take', take, { 'allow-oom' })
register('give_back', give_back, { 'allow-oom' })
register('renew', renew, { 'allow-oom' })
register('append', append)
register('delivered', delivered, { 'allow-oom' })
register('hello', hello)
register('peek', peek, { 'allow-oom' })
register('alive', alive, { 'allow-oom' })
register('forget', forget, { 'allow-oom' })
register('speak', speak)
register('own', own)
