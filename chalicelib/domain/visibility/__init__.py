"""Who sees which record and which value: the walk over one's own range and those that colleagues share."""
