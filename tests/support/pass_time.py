"""Time passes: due rows come up, messages are delivered again, second passes run."""

from infra.local.cloud import Cloud

_STEPS = 6
_STEP_S = 20  # later than each wait of the local cloud


def settle(cloud: Cloud, steps: int = _STEPS, seconds: float = _STEP_S) -> None:
    """Everything that is due within `steps` times `seconds` is done."""
    cloud.drain()
    for _ in range(steps):
        cloud.advance(seconds)
        cloud.drain()
