"""A tenant's subscription at PayPal: its state, never how it is paid."""
