"""Imports of files that members export elsewhere: contacts as CSV or vCard."""
