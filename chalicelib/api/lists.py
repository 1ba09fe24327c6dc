"""What all lists take: `limit` and `cursor`."""

from pydantic import ConfigDict, Field

from chalicelib.core.models import Model


class ListQuery(Model):
    """One page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4000)
