"""`hallbot evaluate`: how well messages are understood, on any labelled file."""
