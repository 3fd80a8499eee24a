"""How strong a lever is, and when."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence

Shape = Literal["split-normal", "split-lognormal"]
SHAPES: tuple[str, ...] = get_args(Shape)

#: 95 % quantile of the standard normal distribution.
Q95 = 1.6448536269514722


@dataclass(frozen=True)
class Effect:
    """How strong a lever is when it is fully in force.

    A standard normal number z becomes the strength by two half distributions
    that meet at the median: *split-normal* is median + (low or high distance)
    z / 1.645; *split-lognormal* is the same on the logarithm, so that the
    strength never changes sign. Either has the stated median and has `low`
    and `high` as its 5 % and 95 % quantiles exactly.

    Attributes
    ----------
    median, low, high : float
        Median and 90 % range, in the lever's unit; ``low <= median <= high``.
    evidence : Evidence
        What the numbers rest on.
    shape : {"split-normal", "split-lognormal"}
        Distribution.
    """

    median: float
    low: float
    high: float
    evidence: Evidence
    shape: Shape = "split-normal"

    def __post_init__(self) -> None:
        numbers = (self.low, self.median, self.high)
        found = f"low {self.low:g}, median {self.median:g}, high {self.high:g}"
        if not np.isfinite(numbers).all():
            raise ScenarioError("an effect is made of finite numbers", found=found)
        if not self.low <= self.median <= self.high:
            raise ScenarioError(
                "the 90 % range does not contain the median",
                found=found,
                cure="write low <= median <= high",
            )
        if self.shape == "split-lognormal" and not (self.low > 0 or self.high < 0):
            raise ScenarioError(
                "a split-lognormal effect keeps one sign, zero excluded",
                found=found,
                cure="move the range off zero, or use shape split-normal",
            )

    def strengths(self, normal: np.ndarray) -> np.ndarray:
        """Turn standard normal numbers into strengths.

        Parameters
        ----------
        normal : ndarray
            Standard normal numbers, any shape.

        Returns
        -------
        ndarray
            Strengths in the lever's unit, increasing in `normal`.
        """
        share = np.abs(normal) / Q95
        if self.shape == "split-lognormal":
            bound = np.where(normal < 0, self.low, self.high)
            return self.median * (bound / self.median) ** share
        reach = np.where(normal < 0, self.low - self.median, self.high - self.median)
        return self.median + reach * share


@dataclass(frozen=True)
class Timing:
    """When a lever acts.

    Attributes
    ----------
    start : int
        First year in which it is felt.
    ramp : int
        Years until it is fully in force; 0 and 1 both mean at once.
    end : int, optional
        Last year in which it is felt.
    """

    start: int
    ramp: int = 0
    end: int | None = None

    def __post_init__(self) -> None:
        if self.ramp < 0:
            raise ScenarioError("a ramp is a number of years, zero or more", found=str(self.ramp))
        if self.end is not None and self.end < self.start:
            raise ScenarioError(
                "a lever ends before it starts", found=f"start {self.start}, end {self.end}"
            )

    def in_force(self, years: np.ndarray) -> np.ndarray:
        """Say which part of the effect is in force.

        Parameters
        ----------
        years : ndarray of int
            Years.

        Returns
        -------
        ndarray
            Between 0 and 1, one per year.

        Examples
        --------
        >>> Timing(2022, ramp=2, end=2024).in_force(np.arange(2021, 2026)).tolist()
        [0.0, 0.5, 1.0, 1.0, 0.0]
        """
        part = np.clip((years - self.start + 1) / max(self.ramp, 1), 0.0, 1.0)
        return part if self.end is None else np.where(years > self.end, 0.0, part)
