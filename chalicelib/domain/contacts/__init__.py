"""Contacts: people that a member knows or wants to reach. Private to the member unless the member shares them."""
