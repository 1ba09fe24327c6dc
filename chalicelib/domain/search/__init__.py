"""What a search finds, and how lists of many records answer without opening each."""
