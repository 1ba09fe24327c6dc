"""Subscriptions at PayPal, over its REST API."""
