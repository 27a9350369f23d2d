"""hallbot: a mobile operator's business hall as one contact in an XMPP client."""
