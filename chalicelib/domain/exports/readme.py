"""The README of a zip, in plain words."""

from collections.abc import Iterable

from chalicelib.store.declaration import Exported

_HEAD = """Your data
=========

Everything that IKO keeps for you, and only what is yours: nothing that colleagues share with you is in here.

  me.json       your account and your settings
"""
_TAIL = """  schema.json   what the JSON files look like: the same shapes as the API answers (JSON Schema, under "files")

Good to know
------------

- The .json files hold every value exactly as it is kept, with where it came from and since when ("sources").
- The .csv files are for spreadsheets, in UTF-8. A cell that would begin with = + - @ (also a phone number such as +49 30 ...),
  a tab or a line break has an apostrophe in front, so that no spreadsheet runs it as a formula. Several values of one cell
  are separated by " | ".
- Messages, attachments and payment details are not in here because they are never kept.
- This file is about other people too. Keep it where only you can read it, and delete it when you no longer need it.
- Our copy of this file is deleted 24 hours after it was made.
"""


def readme(files: Iterable[Exported]) -> str:
    """Return the text that explains the zip's files and how to read them."""
    lines = []
    for file in files:
        names = [f"{file.file}.json", *([f"{file.file}.csv"] if file.columns else [])]
        lines.append(f"  {', '.join(names)}\n")
    return _HEAD + "".join(lines) + _TAIL
