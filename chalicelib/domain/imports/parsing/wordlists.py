"""Sets of words that are long to write as lists."""


def words(text: str, separator: str | None = None) -> frozenset[str]:
    """The words of `text`, parted by white space, or by `separator` with white space around them dropped."""
    return frozenset(word.strip() for word in text.split(separator))
