"""Which prospects to approach next, and why: fit with the clients, who knows somebody there, and what happened."""
