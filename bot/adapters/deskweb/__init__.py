"""The web desk: where staff serve customers in a browser."""
