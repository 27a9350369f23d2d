-- The desk's family {d<desk>}: queue, cases, seats and what is due, all in one slot. Constants are put in front.
--
-- KEYS, always in this order (a function takes as many as it needs):
--   1 meta   hash: n (number of the newest case)
--   2 queue  zset case -> place (waiting and offered)
--   3 due    zset c:<case> | s:<staff> | e:<effect> | q: (the queue) -> when somebody must look at it
--   4 owed   hash effect -> "<epoch> <version>\n<sealed>"
--   5 open   hash conversation -> case
--   6 case   hash: st state, e epoch, v version, c conversation, d sealed
--   7 seats  set of everybody who ever sat down
-- Behind them the seats that a change concerns, as pairs: hash of the seat (v version, cap, takes, d sealed), set of
-- the cases that it holds. `served` and `freed`: when a case came into his hands last, and left them. Who gets one has
-- another seat than was read before: nobody goes home on the word of a look in which he had nobody.

local function clock(offset)
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000) + offset
end

local function timer(keys, member, at)
  if at + 0 > 0 then
    redis.call('ZADD', keys[3], at, member)
  else
    redis.call('ZREM', keys[3], member)
  end
end

-- Somebody waits, or has room: look again who could take whom.
local function again(keys, at)
  if redis.call('EXISTS', keys[2]) == 1 then redis.call('ZADD', keys[3], at, 'q:') end
end

-- What follows is kept before anybody does it; whoever made the change has a moment to do it himself.
local function owe(keys, at, number, epoch, version, argv, from)
  for i = from, #argv do
    local id = number .. '-' .. version .. '-' .. (i - from)
    redis.call('HSET', keys[4], id, epoch .. ' ' .. version .. '\n' .. argv[i])
    redis.call('ZADD', keys[3], at + OWN, 'e:' .. id)
  end
end

local function whole(number)
  return string.format('%.0f', number)
end

-- ARGV: offset, conversation, number, place, due, sealed, effects … A new case, unless its
-- conversation has an open one · {1 = it is new, number, epoch}
local function enter(keys, argv)
  local at = clock(argv[1])
  local there = redis.call('HGET', keys[5], argv[2])
  if there then return { 0, there } end
  local epoch = whole(at)
  redis.call('HSET', keys[5], argv[2], argv[3])
  redis.call('HSET', keys[6], 'st', 'waiting', 'e', epoch, 'v', 1, 'c', argv[2], 'd', argv[6])
  redis.call('ZADD', keys[2], argv[4], argv[3])
  timer(keys, 'c:' .. argv[3], argv[5])
  again(keys, at)
  owe(keys, at, argv[3], epoch, 1, argv, 7)
  return { 1, argv[3], epoch }
end

-- ARGV: offset, number, state, epoch, version · new state, hands (1 = it changes hands), place or '', due, sealed,
-- stays (1 = it is open), takers, effects … · KEYS behind 7: pairs of who takes it, then pairs of who is rid of it
local function move(keys, argv)
  local at, number = clock(argv[1]), argv[2]
  local c = redis.call('HMGET', keys[6], 'st', 'e', 'v', 'c')
  if c[1] ~= argv[3] or c[2] ~= argv[4] or c[3] ~= argv[5] then return 'stale' end
  local takers = argv[12] + 0
  for i = 8, 7 + 2 * takers, 2 do
    local cap, takes = unpack(redis.call('HMGET', keys[i], 'cap', 'takes'))
    if not cap then return 'full' end
    if string.sub(takes or '', 1, 4) == 'off ' then return 'gone' end
    if redis.call('SISMEMBER', keys[i + 1], number) == 0 and redis.call('SCARD', keys[i + 1]) >= cap + 0 then
      return 'full'
    end
  end
  for i = 8, 7 + 2 * takers, 2 do
    if redis.call('SADD', keys[i + 1], number) == 1 then redis.call('HINCRBY', keys[i], 'v', 1) end
    if argv[6] == 'active' then redis.call('HSET', keys[i], 'served', whole(at)) end
  end
  for i = 8 + 2 * takers, #keys, 2 do
    if redis.call('SREM', keys[i + 1], number) == 1 then redis.call('HSET', keys[i], 'freed', whole(at)) end
  end
  local epoch, version = c[2], c[3] + 1
  if argv[7] == '1' then epoch = whole(math.max(epoch + 1, at)) end
  redis.call('HSET', keys[6], 'st', argv[6], 'e', epoch, 'v', version, 'd', argv[10])
  if argv[8] == '' then
    redis.call('ZREM', keys[2], number)
  else
    redis.call('ZADD', keys[2], argv[8], number)
  end
  timer(keys, 'c:' .. number, argv[9])
  again(keys, at)
  if argv[11] == '1' then
    redis.call('HSET', keys[5], c[4], number)
  elseif redis.call('HGET', keys[5], c[4]) == number then
    redis.call('HDEL', keys[5], c[4])
  end
  if argv[6] == 'closed' then redis.call('PEXPIRE', keys[6], KEEP) end
  owe(keys, at, number, epoch, version, argv, 13)
  return epoch .. ' ' .. version
end

-- KEYS: 1-7, seat, holds · ARGV: offset, staff, version, capacity, until, sealed, takes (what of it decides whether he
-- takes somebody: only when that is new, the queue is looked at again)
local function sit(keys, argv)
  local at = clock(argv[1])
  if (redis.call('HGET', keys[8], 'v') or '0') ~= argv[3] then return 'stale' end
  if redis.call('HGET', keys[8], 'takes') ~= argv[7] then again(keys, at) end
  redis.call('HSET', keys[8], 'v', argv[3] + 1, 'cap', argv[4], 'd', argv[6], 'takes', argv[7])
  redis.call('SADD', keys[7], argv[2])
  timer(keys, 's:' .. argv[2], argv[5])
  return redis.call('SMEMBERS', keys[9])
end

-- ARGV: offset, limit · what is due, with the text of effects; for a moment it is the caller's
local function due(keys, argv)
  local at = clock(argv[1])
  local out = { whole(at) }
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', keys[3], '-inf', at, 'LIMIT', 0, argv[2])) do
    local text = ''
    if string.sub(member, 1, 2) == 'e:' then text = redis.call('HGET', keys[4], string.sub(member, 3)) end
    if member == 'q:' then text = redis.call('EXISTS', keys[2]) == 1 and '' end
    if text then
      redis.call('ZADD', keys[3], at + OWN, member)
      out[#out + 1] = member
      out[#out + 1] = text
    else
      redis.call('ZREM', keys[3], member)
    end
  end
  return out
end

-- ARGV: effects …
local function done(keys, argv)
  for _, id in ipairs(argv) do
    redis.call('HDEL', keys[4], id)
    redis.call('ZREM', keys[3], 'e:' .. id)
  end
  return 1
end

-- KEYS: case … · what is kept of each
local function cases(keys)
  local out = {}
  for i, key in ipairs(keys) do out[i] = redis.call('HMGET', key, 'st', 'e', 'v', 'c', 'd') end
  return out
end

-- KEYS: seat, holds … · what is kept of each, then what it holds
local function seats(keys)
  local out = {}
  for i = 1, #keys, 2 do
    out[i] = redis.call('HMGET', keys[i], 'v', 'd', 'served', 'freed')
    out[i + 1] = redis.call('SMEMBERS', keys[i + 1])
  end
  return out
end

register('enter', enter)
register('move', move, { 'allow-oom' })
register('sit', sit, { 'allow-oom' })
register('due', due, { 'allow-oom' })
register('done', done, { 'allow-oom' })
register('cases', cases, { 'no-writes', 'allow-oom' })
register('seats', seats, { 'no-writes', 'allow-oom' })
