"""Who must not be stored any more: tombstones of erased persons, and the identifiers that find a person in records and notes."""
