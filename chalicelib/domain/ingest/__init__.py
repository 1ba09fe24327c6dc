"""The one way in: rows of files, people of connections, and matched duplicates become contacts and companies here."""
