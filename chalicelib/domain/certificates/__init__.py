"""Signed statements that an erasure or a purge was done."""
