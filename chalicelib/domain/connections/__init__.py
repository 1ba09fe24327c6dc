"""Connections: a member's links to providers, their consents and credentials."""
