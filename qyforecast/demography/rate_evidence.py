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
    """An estimate beside a published figure.

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
    tolerance : float
        Relative difference up to which the two are said to agree. [1]
    remark : str
        Why the two may differ.
    """

    what: str
    place: str
    year: int
    estimated: float
    published: float
    unit: str
    source: str
    tolerance: float = 0.1
    remark: str = ""

    @property
    def verdict(self) -> str:
        """How the two agree, in plain words."""
        gap = self.estimated / self.published - 1
        if abs(gap) <= self.tolerance:
            return f"within {100 * self.tolerance:.0f} %"
        words = f"{100 * abs(gap):.0f} % {'more' if gap > 0 else 'less'} than published"
        return f"{words}: {self.remark or 'unexplained'}"
