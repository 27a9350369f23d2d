"""What the hall can do: one module per word before the dot, handlers and their INTENTS beside their phrases."""
