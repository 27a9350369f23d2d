"""Where the hall meets the world: XMPP, Redis, the operator, SMS, the database."""
