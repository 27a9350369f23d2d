-- The subscriber number's family {n<p>}. Constants (TRIES, LOCK, …) are put in front by codes.py.
-- Every time is the turn's, given by the caller; a TTL only collects garbage.
--
--   c:<number>            hash, the one challenge that counts: ch, mac, at, life, op; and of every operation
--                         s:<op> SMS sent, t:<op> tries counted
--   sms:<number>          zset entry -> when an SMS was asked for
--   wrong:<number>        zset entry -> when a code was debited and not given back
--   lock:<number>         hash: till, level (how often it was locked in a row)
--   answer:<number>:…     hash of one entry: what `challenge` answered; sealed = the SMS until the gateway has it
--   verdict:<number>:…    what `verify` answered to one entry
--   password:<number>     hash: n tries, at the last one, till (locked), e:<entry> what was answered

local function seconds(ms)
  return math.ceil(ms / 1000)
end

local function locked(key, at)
  local till = redis.call('HGET', key, 'till')
  return till and seconds(math.max(0, till - at)) or 0
end

-- Seconds until fewer than `most` lie in the window; 0 = now.
local function wait_for(key, at, most, window)
  local nth = redis.call('ZREVRANGE', key, most - 1, most - 1, 'WITHSCORES')
  if not nth[2] or nth[2] + 0 <= at - window then return 0 end
  return seconds(nth[2] + window - at)
end

-- The limit that forbids an SMS now, and how long.
local function refused(keys, at, op)
  local wait = locked(keys[3], at)
  if wait > 0 then return 'locked', wait end
  local spent = redis.call('HMGET', keys[1], 's:' .. op, 't:' .. op)
  if (spent[1] or 0) + 0 >= SENDS or (spent[2] or 0) + 0 >= TRIES then return 'sends', 0 end
  wait = wait_for(keys[2], at, DAY_SMS, DAY)
  if wait > 0 then return 'day', wait end
  wait = wait_for(keys[2], at, HOUR_SMS, HOUR)
  if wait > 0 then return 'hour', wait end
  wait = wait_for(keys[2], at, 1, COOLDOWN)
  if wait > 0 then return 'cooldown', wait end
end

local function answer(limit, wait, sealed, sent)
  return table.concat({ limit, wait, sent or 0 }, ' ') .. '\n' .. (sealed or '')
end

-- KEYS: challenge, sms, lock, answer · ARGV: challenge, entry, mac, sealed, at, operation, life
local function challenge(keys, argv)
  local before = redis.call('HMGET', keys[4], 'limit', 'wait', 'sealed', 'sent')
  if before[1] then return answer(before[1], before[2], before[3], before[4]) end
  local at, op, life = argv[5] + 0, argv[6], argv[7] + 0
  local limit, wait = refused(keys, at, op)
  if limit then
    redis.call('HSET', keys[4], 'limit', limit, 'wait', wait)
    redis.call('PEXPIRE', keys[4], DAY + HOUR)
    return answer(limit, wait)
  end
  redis.call('HSET', keys[1], 'ch', argv[1], 'mac', argv[3], 'at', at, 'life', life, 'op', op)
  redis.call('HINCRBY', keys[1], 's:' .. op, 1)
  redis.call('PEXPIRE', keys[1], life + HOUR)
  redis.call('ZADD', keys[2], at, argv[2])
  redis.call('ZREMRANGEBYSCORE', keys[2], '-inf', at - DAY)
  redis.call('PEXPIRE', keys[2], DAY + HOUR)
  redis.call('HSET', keys[4], 'limit', '-', 'wait', 0, 'sealed', argv[4])
  redis.call('PEXPIRE', keys[4], DAY + HOUR)
  return answer('-', 0, argv[4])
end

-- KEYS: answer
local function sms_sent(keys, argv)
  if redis.call('HDEL', keys[1], 'sealed') == 1 then redis.call('HSET', keys[1], 'sent', 1) end
  return 1
end

-- Too many wrong codes in 24 h lock the number, every time twice as long.
local function lock(keys, at)
  redis.call('ZREMRANGEBYSCORE', keys[2], '-inf', at - DAY)
  if redis.call('ZCARD', keys[2]) < WRONG then return 0 end
  local l = redis.call('HMGET', keys[3], 'till', 'level')
  local level = l[1] and at <= l[1] + DAY and l[2] + 0 or 0
  local life = math.min(LOCK * 2 ^ level, LOCK_MOST)
  redis.call('HSET', keys[3], 'till', at + life, 'level', level + 1)
  redis.call('PEXPIRE', keys[3], life + DAY + HOUR)
  return seconds(life)
end

local function consume(keys)
  redis.call('HDEL', keys[1], 'ch', 'mac')
end

-- Count, then compare, then consume. "verdict left wait"
local function check(keys, argv)
  local at = argv[4] + 0
  local wait = locked(keys[3], at)
  if wait > 0 then return 'locked 0 ' .. wait end
  local c = redis.call('HMGET', keys[1], 'ch', 'mac', 'at', 'life', 'op')
  if c[1] ~= argv[1] or not c[2] then return 'none 0 0' end
  if at > c[3] + c[4] then return 'none 0 0' end
  local tries = redis.call('HINCRBY', keys[1], 't:' .. c[5], 1)
  redis.call('ZADD', keys[2], at, argv[2])
  redis.call('PEXPIRE', keys[2], DAY + HOUR)
  if c[2] == argv[3] then
    consume(keys)
    redis.call('ZREM', keys[2], argv[2])
    return 'ok 0 0'
  end
  wait = lock(keys, at)
  if wait > 0 or tries >= TRIES then consume(keys) end
  if wait > 0 then return 'locked 0 ' .. wait end
  if tries >= TRIES then return 'void 0 0' end
  return 'wrong ' .. (TRIES - tries) .. ' 0'
end

-- KEYS: challenge, wrong, lock, verdict · ARGV: challenge, entry, mac, at
local function verify(keys, argv)
  local before = redis.call('GET', keys[4])
  if before then return before end
  local verdict = check(keys, argv)
  redis.call('SET', keys[4], verdict, 'PX', DAY)
  return verdict
end

-- KEYS: challenge · ARGV: challenge
local function void(keys, argv)
  if redis.call('HGET', keys[1], 'ch') == argv[1] then consume(keys) end
  return 1
end

-- KEYS: password · ARGV: entry, at. "allowed left wait"
local function try_password(keys, argv)
  local p = redis.call('HMGET', keys[1], 'n', 'at', 'till', 'e:' .. argv[1])
  if p[4] then return p[4] end
  local at, n = argv[2] + 0, (p[1] or 0) + 1
  if p[3] and at < p[3] + 0 then return '0 0 ' .. seconds(p[3] - at) end
  if p[3] or (p[2] and at - p[2] >= DAY) then
    redis.call('DEL', keys[1])
    n = 1
  end
  local last = n >= PASSWORD_TRIES
  local tried = table.concat({ 1, PASSWORD_TRIES - n, last and seconds(PASSWORD_LOCK) or 0 }, ' ')
  redis.call('HSET', keys[1], 'n', n, 'at', at, 'e:' .. argv[1], tried)
  if last then redis.call('HSET', keys[1], 'till', at + PASSWORD_LOCK) end
  redis.call('PEXPIRE', keys[1], math.max(DAY, PASSWORD_LOCK) + HOUR)
  return tried
end

-- KEYS: password · ARGV: entry. Only a try that was counted gives back.
local function password_right(keys, argv)
  if redis.call('HEXISTS', keys[1], 'e:' .. argv[1]) == 1 then redis.call('DEL', keys[1]) end
  return 1
end

-- KEYS: password · ARGV: entry. The operator could not compare it: this one try is given back.
local function password_unjudged(keys, argv)
  if redis.call('HDEL', keys[1], 'e:' .. argv[1]) == 1 then
    redis.call('HINCRBY', keys[1], 'n', -1)
    redis.call('HDEL', keys[1], 'till')
  end
  return 1
end

-- KEYS: password. It is a new one: the tries of the old one count no more.
local function password_renewed(keys)
  redis.call('DEL', keys[1])
  return 1
end

register('challenge', challenge)
register('sms_sent', sms_sent, { 'allow-oom' })
register('verify', verify)
register('void', void, { 'allow-oom' })
register('try_password', try_password)
register('password_right', password_right, { 'allow-oom' })
register('password_renewed', password_renewed, { 'allow-oom' })
register('password_unjudged', password_unjudged, { 'allow-oom' })
