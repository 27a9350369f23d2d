"""`hallbot demo`: the whole hall on one machine, on loopback, in the foreground."""
