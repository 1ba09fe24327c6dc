"""What a person writes after the letter that opened a request."""

from chalicelib.core.models import Model
from chalicelib.domain.privacy.limits import Way


class Later(Model):
    """A later mail or form. `quotes`: it names the id that our mail to the person has, which nobody else was told. Without that,
    and where the way proves nothing, anybody can have written it."""

    text: str
    way: Way
    quotes: bool = False
