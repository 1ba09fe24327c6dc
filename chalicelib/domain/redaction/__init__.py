"""Finding names and identifiers in prose, and cutting an erased person out of it."""
