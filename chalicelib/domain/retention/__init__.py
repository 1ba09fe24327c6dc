"""Nothing is kept for ever: the table of lives, and the daily pass over a tenant that ends what is past its own."""
