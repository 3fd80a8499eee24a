"""What is estimated or borrowed because it was not counted: one sentence each, in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StandIn:
    """A figure that stands in for one that is not there.

    Attributes
    ----------
    english, chinese : str
        What lacks, and what takes its place.
    """

    english: str
    chinese: str
