"""What a simple method sees at an origin."""

from dataclasses import dataclass

import numpy as np

#: Years over which a method looks back for a region's own pace.
WINDOW = 5


@dataclass(frozen=True)
class Known:
    """What a method sees, on its own scale.

    Attributes
    ----------
    years : ndarray
        Years of the rows, up to the origin, ``(Y,)``.
    level : ndarray
        Shares, or their log odds, ``(Y, P)``; missing where not known.
    income : ndarray, optional
        Log of real income per person, ``(Y, P)``, to any base of each region's own.
    """

    years: np.ndarray
    level: np.ndarray
    income: np.ndarray | None = None

    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """Find the last figure of each region.

        Returns
        -------
        tuple of ndarray
            Place of its year, and the level, ``(P,)``; missing where there is none.
        """
        known = np.isfinite(self.level)
        place = len(self.years) - 1 - known[::-1].argmax(axis=0)
        return place, np.where(known.any(axis=0), at_row(self.level, place), np.nan)

    def pace(self) -> np.ndarray:
        """Yearly change of each region over the last `WINDOW` years, or as near as is known.

        Returns
        -------
        ndarray
            ``(P,)``; missing where a region has one figure or none.
        """
        place, level = self.last()
        last = self.years[place]
        off = np.abs(self.years[:, None] - (last - WINDOW)).astype(float)
        off[~np.isfinite(self.level) | (self.years[:, None] >= last)] = np.inf
        first = off.argmin(axis=0)
        found = np.isfinite(off).any(axis=0)
        span = np.where(found, last - self.years[first], 1)
        return np.where(found, (level - at_row(self.level, first)) / span, np.nan)


def at_row(table: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Take of each column the row named.

    Parameters
    ----------
    table : ndarray
        ``(Y, P)``.
    place : ndarray
        Row of each column, ``(P,)``.

    Returns
    -------
    ndarray
        ``(P,)``.
    """
    return np.take_along_axis(table, place[None, :], axis=0)[0]
