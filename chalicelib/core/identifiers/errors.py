"""What is raised where a text is no identifier of its kind."""


class InvalidIdentifier(ValueError):
    """The text is no address, URL or number of the kind asked for. Does not carry the text."""
