"""How names of columns are compared: without case, accents and punctuation."""

import re
import unicodedata

from chalicelib.domain.imports.parsing.names import clean

_CASE_CHANGE = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o"})  # letters whose stroke is no accent to Unicode


def normalised(header: str) -> str:
    """Return the header as names are compared: words of letters and digits, without accents and case."""
    if header.isascii():
        plain = header
    else:
        decomposed = unicodedata.normalize("NFKD", clean(header))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    # `profileUrl`, `HomePhone2`: programs that write no blanks begin each word with a capital.
    parted = _CASE_CHANGE.sub(" ", plain) if not re.search(r"\s", plain) else plain
    words = re.sub(r"[\W_]+", " ", parted.casefold().translate(_PLAIN)).strip()
    return re.sub(r"\be (mail|post)", r"e\1", words).replace("linked in", "linkedin")
