"""Keys, sealing, subject tags, tenant-scoped credentials: the only room that knows KMS and the Encryption SDK."""
