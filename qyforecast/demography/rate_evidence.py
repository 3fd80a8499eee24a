"""Lines of the tables that say what a rate rests on and how it compares."""

from dataclasses import dataclass

from qyforecast.provenance import Evidence


@dataclass(frozen=True)
class RateEvidence:
    """One line of the table of what is measured, estimated and assumed.

    Attributes
    ----------
    rate : str
        Which rate or parameter.
    place : str
        Region code, or the group of places it holds for.
    value : str
        The number with its unit, or a word where it is a whole schedule.
    evidence : Evidence
        What it rests on.
    """

    rate: str
    place: str
    value: str
    evidence: Evidence


@dataclass(frozen=True)
class RateCheck:
    """An estimate beside a published figure that was not used to make it.

    Attributes
    ----------
    what : str
        What is compared.
    place : str
        Region code.
    year : int
        Year of both figures.
    estimated, published : float
        The two.
    unit : str
        Their unit.
    source : str
        Where the published one stands.
    """

    what: str
    place: str
    year: int
    estimated: float
    published: float
    unit: str
    source: str
