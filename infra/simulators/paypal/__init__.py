"""PayPal on one machine: the endpoints that a subscription needs, as PayPal documents them. Never part of a deployment."""
