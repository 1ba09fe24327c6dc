"""Sets of words that are long to write as lists."""


def words(text: str, separator: str | None = None) -> frozenset[str]:
    """Return the words of `text`, split at white space, or at `separator` and stripped."""
    return frozenset(word.strip() for word in text.split(separator))
