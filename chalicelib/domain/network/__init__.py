"""Who writes to whom: counts and times of messages between a member and its contacts."""
