"""`hallbot bench`: CPU per message of the bot beside a bare slixmpp echo, on the same server, in the same run."""
