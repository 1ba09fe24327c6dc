"""Sync: what providers have is brought in page by page, and kept as it is there."""
