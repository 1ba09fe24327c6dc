"""Why a file or a row cannot be taken. Every sentence is ours and quotes nothing of the file."""

from chalicelib.core.codes import Code, RowCode
from chalicelib.core.errors import Unprocessable

_SENTENCES = {
    "bad_mapping": "A mapping assigns columns of the file to our fields. Only e-mail, phone and profile URL may be "
    "assigned more than once, and at least a name, an address, a number or a URL must be assigned.",
    "empty_file": "The file is empty.",
    "not_a_table": "This is neither a CSV file nor a vCard. Save the contacts as CSV (UTF-8) or vCard and send that.",
    "not_a_vcard": "A vCard begins with the line BEGIN:VCARD; this file does not.",
    "spreadsheet": "This is a spreadsheet. Save it as CSV (UTF-8) and send that.",
    "archive": "This archive contains neither one contact file of a size that we accept nor only vCards. Unpack it and "
    "send the CSV or vCard itself.",
    "too_many_columns": "The first row names more than 500 columns. Remove those that describe no contact.",
    "too_many_rows": "The file has more than 100,000 rows or cards. Split it.",
    "unknown_columns": "We recognise none of the columns. Name the columns in the first row, or send a mapping if the names "
    "are your own.",
    "unknown_format": "We do not know this format. Leave it out: we recognise files by their columns.",
    "unreadable_encoding": "The characters of this file cannot be read. Save it as UTF-8, or name its charset in "
    "Content-Type.",
}
# These two tell a user more, and a program the same as `not_a_table`.
_CODES = {"spreadsheet": "not_a_table", "archive": "not_a_table"}


class FileRefused(Unprocessable):
    """The whole file cannot be read: stable code, instructive sentence, no content."""

    def __init__(self, reason: str) -> None:
        super().__init__((), _SENTENCES[reason], code=Code[_CODES.get(reason, reason).upper()])


class RowRefused(Exception):
    """One row cannot be taken; `code` is public."""

    def __init__(self, code: RowCode) -> None:
        super().__init__(code)
        self.code = code
