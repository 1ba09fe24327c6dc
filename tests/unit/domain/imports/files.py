"""Files as the exporting programs write them, of made-up people."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.domain.imports.parsing.rows import CompanyRow, ImportFile, ReadRow, Rejected, open_file


def _names(text: str) -> list[str]:
    return text.split(",")


GOOGLE = _names(
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Website 1 - Label,Website 1 - Value,Website 2 - Label,Website 2 - Value,"
    "Event 1 - Label,Event 1 - Value,Relation 1 - Value,Custom Field 1 - Value"
)
GOOGLE_OLD = _names(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Birthday,Location,Occupation,Notes,"
    "Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,"
    "Organization 1 - Name,Organization 1 - Title"
)
OUTLOOK = _names(
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,Pager,"
    "Business Fax,Home Fax,Company Main Phone,Job Title,Department,Company,Office Location,Manager's Name,"
    "Assistant's Name,Assistant's Phone,Business Street,Spouse,Children,Birthday,Web Page,Notes"
)
LINKEDIN_NOTICE = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing. You will only '
    'see those of connections who allow it ""by setting"", see https://www.linkedin.com/help"\n'
    "\n"
)
LINKEDIN = ["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"]
HUBSPOT = _names(
    "Record ID,First Name,Last Name,Email,Additional email addresses,Phone Number,Contact owner,Lead Status,"
    "Lifecycle Stage,Job Title,Associated Company,Associated Company IDs,Create Date,Recent Deal Amount"
)
SALESFORCE = _names(
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Phone,Mobile,Email,Contact ID,Opportunity Amount"
)

CELLS = ["First Name", "Last Name", "Email", "Phone", "LinkedIn", "Website", "Job Title", "Company"]


def table(
    header: Sequence[str], rows: Iterable[dict[str, str] | Sequence[str]], separator: str = ",", ends: str = "\r\n"
) -> str:
    """A CSV with all cells of each row; rows as cells by column name, or as they are."""
    return "".join(
        _line([row.get(name, "") for name in header] if isinstance(row, dict) else row, separator, ends)
        for row in (header, *rows)
    )


def _line(cells: Sequence[str], separator: str, ends: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + ends


def card(*lines: str, version: str = "3.0", ends: str = "\r\n") -> str:
    """One vCard of these content lines."""
    return ends.join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def zipped(files: dict[str, str]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def opened(text: str | bytes, content_type: str = "text/csv", **options: Any) -> ImportFile:
    """The file with its format told."""
    body = text.encode() if isinstance(text, str) else text
    return open_file(io.BytesIO(body), content_type=content_type, **options)


def rows(
    text: str | bytes,
    content_type: str = "text/csv",
    mapping: dict[str, str] | None = None,
) -> list[ReadRow | Rejected]:
    """All rows of a file, each through its stored form and back, so that every test holds that form too."""
    found = opened(text, content_type, mapping=mapping).rows()
    result = [row for row in found if not isinstance(row, CompanyRow)]
    return [ReadRow.from_dict(row.to_dict()) if isinstance(row, ReadRow) else row for row in result]


def accepted_rows(text: str | bytes, content_type: str = "text/csv") -> list[ReadRow]:
    """All rows of a file, none of which may be refused."""
    found = rows(text, content_type)
    accepted = [row for row in found if isinstance(row, ReadRow)]
    assert len(accepted) == len(found), found
    return accepted


def only(text: str | bytes, content_type: str = "text/csv", mapping: dict[str, str] | None = None) -> ReadRow:
    """The one row of a file with one row, which must be accepted."""
    (row,) = rows(text, content_type, mapping)
    assert isinstance(row, ReadRow), row
    return row


def read(**cells: str) -> ReadRow | Rejected:
    """The row of these columns, by their names in small letters."""
    by_name = {name: cells.get(name.lower().replace(" ", "_"), "") for name in CELLS}
    (row,) = rows(table(CELLS, [by_name]))
    return row


def accepted(**cells: str) -> ReadRow:
    """The same, which is taken."""
    row = read(**cells)
    assert isinstance(row, ReadRow), row
    return row


def codes(text: str | bytes, content_type: str = "text/csv") -> list[tuple[int, str]]:
    """Number and outcome of each row: the code of a rejected one, `ok` of an accepted one."""
    return [(row.number, row.code if isinstance(row, Rejected) else "ok") for row in rows(text, content_type)]


def format_of(text: str | bytes, content_type: str = "text/csv") -> str:
    """The format that a file is taken for."""
    return opened(text, content_type).format.value
