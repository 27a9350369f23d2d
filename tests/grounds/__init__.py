"""XMPP servers, clients and a breakable wire for tests that speak to the outside."""
