"""Reading of export files: pure functions from bytes to rows of allow-listed fields; no storage, no network."""
