"""Requests of persons: read, confirmed, carried out, certified."""
