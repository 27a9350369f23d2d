"""Bot → staff → bot: who owns a conversation, and what staff see and may do."""
