-- Files behind links, of the family {f<p>} (p from the token): every time is the caller's, a TTL only collects garbage.
--   f:<hidden token>   hash: sealed, till, n fetches; dead (revoked) has neither

-- KEYS: file · ARGV: sealed, till. The same again, and what was revoked, stay as they are.
local function put(keys, argv)
  if redis.call('EXISTS', keys[1]) == 1 then return 0 end
  redis.call('HSET', keys[1], 'sealed', argv[1], 'till', argv[2], 'n', 0)
  redis.call('PEXPIRE', keys[1], GARBAGE)
  return 1
end

local function there(key, now)
  local f = redis.call('HMGET', key, 'sealed', 'till', 'n')
  if f[1] and now + 0 <= f[2] + 0 and f[3] + 0 < FETCHES then return f[1] end
end

-- KEYS: file · ARGV: now
local function look(keys, argv)
  return there(keys[1], argv[1]) or ''
end

-- KEYS: file · ARGV: now. Counted and compared in one.
local function take(keys, argv)
  local sealed = there(keys[1], argv[1])
  if not sealed then return '' end
  if redis.call('HINCRBY', keys[1], 'n', 1) >= FETCHES then redis.call('HDEL', keys[1], 'sealed') end
  return sealed
end

-- KEYS: file. A tombstone: the turn that made it may be run again.
local function revoke(keys, argv)
  redis.call('DEL', keys[1])
  redis.call('HSET', keys[1], 'dead', 1)
  redis.call('PEXPIRE', keys[1], GARBAGE)
  return 1
end

register('put', put)
register('look', look, { 'no-writes', 'allow-oom' })
register('take', take, { 'allow-oom' })
register('revoke', revoke, { 'allow-oom' })
