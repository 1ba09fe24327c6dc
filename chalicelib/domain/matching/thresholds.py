"""The one table of thresholds: what probability, and what evidence beside it, puts a pair into which zone. Every path uses it.

Names alone never identify a person: without an identifier of the person's own, a match needs two more fields that agree and do
not follow from each other. A contradiction (another given name, Jr beside Sr) is never merged, however much else agrees.
"""

from chalicelib.domain.matching.model import Zone

MATCH = 0.995  # the calibrated precision that a merge without a person's word needs
REVIEW = 0.5  # more likely right than wrong: worth somebody's look
INDEPENDENT_FIELDS = 2  # beside the name, where no identifier agrees


def zone(probability: float, *, identified: bool, named: bool, independent: int, contradicted: bool) -> Zone:
    """Return the zone of a pair.

    `identified`: an identifier of one's own agrees. `named`: both parts of the name agree. `independent`: how many other fields
    do.
    """
    enough = identified or (named and independent >= INDEPENDENT_FIELDS)
    if probability >= MATCH and enough and not contradicted:
        return Zone.MATCH
    return Zone.REVIEW if probability >= REVIEW else Zone.NONE
