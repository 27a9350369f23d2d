-- Prosody for hallbot: a complete example, tested with Prosody 0.12.
--
-- Copy it to /etc/prosody/prosody.cfg.lua, or take over the settings. Four values come from the environment of the
-- server process, so that this file holds no secret and needs no editing:
--   HALL_DOMAIN            the domain of your subscribers' addresses, e.g. im.example.org
--   HALL_COMPONENT_SECRET  what hallbot says when it attaches as a component; at least 16 random characters
--   HALL_BOT               only if hallbot attaches as a client instead: the local part of its account (default: hall)
--   HALL_DESK_SECRET       only if staff serve in XMPP clients: the secret of the desk, a component of its own
-- hallbot's own counterpart is the section "xmpp" of bot.yaml, that of HALL_DESK_SECRET the section "desk".

local domain = ENV_HALL_DOMAIN or "im.example.org"
local bot = (ENV_HALL_BOT or "hall") .. "@" .. domain

modules_enabled = {
	"roster"; "saslauth"; "tls"; "disco"; "posix"; "version"; "uptime"; "time"; "ping";
	"blocklist";  -- XEP-0191: Converse.js waits for it at every log-in
	"vcard_legacy"; "vcard4"; "pep";  -- names and pictures of subscribers and of the bot
	"carbons";  -- XEP-0280: a subscriber's other devices see the conversation too
	"csi_simple";
	"smacks";  -- XEP-0198: nothing is lost when a connection breaks
	"mam";  -- XEP-0313: history, and what a client-attached bot missed
	"limits";
}

-- Subscribers of a business hall do not write to other servers. Take s2s out of this list to federate.
modules_disabled = { "s2s" }

-- A reply is three small writes; Nagle's algorithm held the last one back for 40 ms.
network_settings = { nagle = false }

-- One deep or wide stanza can cost the reader more than a thousand plain ones. Texts to the bot are capped at 4,096
-- characters anyway, which is at most 16 KiB. The component is trusted and sends avatars: more for it.
c2s_stanza_size_limit = 16384
component_stanza_size_limit = 262144

-- Per connection. The bot limits each subscriber by itself; this keeps a flood off its connection.
limits = { c2s = { rate = "10kb/s"; burst = "5s" } }
unlimited_jids = { bot }

-- After a broken connection a client has this long to come back; until then its messages are kept, at most so many.
-- A client-attached bot at 300 messages a second fills the default of 500 in under two seconds.
smacks_hibernation_time = 600
smacks_max_queue_size = 50000

-- Stanzas with <no-store/> (all that ask for or hold a code) are never archived.
-- For more than a few messages a second keep the archive in PostgreSQL:
--   storage = { archive = "sql" }
--   sql = { driver = "PostgreSQL"; database = "prosody"; host = "/run/postgresql" }
default_archive_policy = true
archive_expires_after = "1w"
max_archive_query_results = 250

authentication = "internal_hashed"
c2s_require_encryption = true
allow_registration = false

-- Components attach over loopback. If hallbot runs on another machine, lay a private network between the two:
-- XEP-0114 knows no TLS.
c2s_ports = { 5222 }
component_ports = { 5347 }
component_interfaces = { "127.0.0.1" }

-- Debian: prosodyctl cert import. A certificate for the domain of the subscribers is enough.
certificates = "certs"

-- "info" or above only: at "debug" whole stanzas are logged, codes and passwords included.
log = { info = "*console" }

VirtualHost(domain)

-- The bot. Prosody takes one connection for each component: for several processes of hallbot use ejabberd.
Component("hall." .. domain)
	name = "Business hall"
	component_secret = ENV_HALL_COMPONENT_SECRET
	component_conflict_resolve = "kick_old"  -- a bot that comes back does not wait for its dead connection to time out

-- The desk: every session with a customer is a contact of it (desk.domain and desk.secret of bot.yaml).
if ENV_HALL_DESK_SECRET then
	Component("desk." .. domain)
		name = "Desk"
		component_secret = ENV_HALL_DESK_SECRET
		component_conflict_resolve = "kick_old"
end
