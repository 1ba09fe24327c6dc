"""The README of a zip, in plain words."""

from collections.abc import Iterable

from chalicelib.store.declaration import Exported

_HEAD = """Your data
=========

Everything that IKO keeps for you, and only what is yours: nothing that colleagues share with you is in here.

  me.json: your account and your settings, also what you share
"""
_TAIL = """  schema.json: what the JSON files look like: the same shapes as the API answers (JSON Schema, under "files")

Good to know
------------

- The .json files hold every value exactly as it is kept, with where it came from and since when ("sources").
- The .csv files are for spreadsheets, in UTF-8. A cell that would begin with = + - @ (also a phone number such as +49 30 ...),
  a tab or a line break has an apostrophe in front, so that no spreadsheet runs it as a formula; so has a text of nothing but
  digits, of which it would drop the zeros in front. Several values of one cell are separated by " | "; a | or \\ within one
  has a \\ before it.
- This whole file, or contacts and companies out of it, as .json or .csv, can be imported here again: POST /v1/imports. What
  is still there stays as it is and counts as unchanged; what is not comes back, and nobody but you sees it. Import companies
  before contacts, or the whole file, so that contacts find the companies they belong to.
- Invitations that wait for an answer are not in here: they are about people who have not joined.
- Messages, attachments and payment details are not in here because they are never kept.
- This file is about other people too. Keep it where only you can read it, and delete it when you no longer need it.
- Our copy of this file is deleted 24 hours after it was made.
"""


def readme(files: Iterable[Exported]) -> str:
    """Return the text that explains the zip's files and how to read them."""
    lines = []
    for file in files:
        names = [f"{file.file}.json", *([f"{file.file}.csv"] if file.columns else [])]
        lines.append(f"  {', '.join(names)}{': ' if file.about else ''}{file.about}\n")
    return _HEAD + "".join(lines) + _TAIL
