"""Makes what domain/matching ships: tables of names and legal forms, and the weights."""
