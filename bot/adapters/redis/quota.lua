-- Counts per number and day, of the family {n<p>}:
--   quota:<kind>:<day>:<number>   set of the ids that were counted

-- KEYS: quota · ARGV: id, most
local function take(keys, argv)
  if redis.call('SISMEMBER', keys[1], argv[1]) == 1 then return 1 end
  if redis.call('SCARD', keys[1]) >= argv[2] + 0 then return 0 end
  redis.call('SADD', keys[1], argv[1])
  redis.call('PEXPIRE', keys[1], LIFE)
  return 1
end

register('take', take)
