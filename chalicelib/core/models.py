"""The base of every model that crosses a border: checked when made, built when first used."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Building validators takes most of a cold start, and a request needs few of them: each is built at its first use."""

    model_config = ConfigDict(defer_build=True)
