"""Iterative proportional fitting: an array that meets known margins."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from qyforecast.errors import DataError
from qyforecast.vocabulary import check_quantity, describe_place

#: Largest relative disagreement of two margins' common totals that is still rounding.
_CONSISTENT = 1e-9


def rake(
    seed: xr.DataArray,
    margins: Sequence[xr.DataArray],
    *,
    tolerance: float = 1e-12,
    iterations: int = 2000,
) -> xr.DataArray:
    """Adjust an array to known margins, keeping its odds ratios.

    Parameters
    ----------
    seed : DataArray
        What is known of the interactions, non-negative, any dimensions.
    margins : sequence of DataArray
        Totals wanted, each over some of the dimensions of `seed`; labels are
        matched, never order.
    tolerance : float
        Largest difference from a margin, relative to the grand total.
    iterations : int
        Most rounds over all margins.

    Returns
    -------
    DataArray
        Same dimensions as `seed`; sums to every margin.

    Raises
    ------
    DataError
        If margins disagree with each other, ask for people where the seed has
        none, or are not met after `iterations` rounds.

    References
    ----------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444.
    """
    fitted = check_quantity("population", seed).astype(float)
    wanted = [_aligned(margin, fitted) for margin in margins]
    _check_consistent(wanted)
    scale = max(float(wanted[0].sum()), np.finfo(float).tiny)
    gap = np.inf
    for _ in range(iterations):
        for margin in wanted:
            fitted = fitted * _factors(fitted, margin)
        gap = max(float(np.abs(_summed(fitted, m) - m).max()) for m in wanted) / scale
        if gap <= tolerance:
            return fitted.transpose(*seed.dims)
    raise DataError(
        f"raking has not met the margins after {iterations} rounds",
        found=f"largest difference {gap:.3g} of the total",
        cure="the seed's zeros may forbid the margins: give a seed without zeros there",
    )


def split_residence(
    age_sex: xr.DataArray, residence: xr.DataArray, standard: xr.DataArray
) -> xr.DataArray:
    """Split regions' age pyramids between urban and rural residents.

    The age and sex profile of each residence in a standard population (the
    province, city and town together as urban) is raked until both the
    region's pyramid and its urban and rural totals are met.

    Parameters
    ----------
    age_sex : DataArray
        Residents, ``(region, sex, age)``. [person]
    residence : DataArray
        Residents, ``(region, residence)`` with urban and rural. [person]
    standard : DataArray
        Standard population, ``(residence, sex, age)``, same ages. [person]

    Returns
    -------
    DataArray
        ``(region, residence, sex, age)``; margins are exact, the interior is
        estimated and marked so in ``attrs["grade"]``. [person]

    Raises
    ------
    DataError
        If totals by age and by residence disagree, or raking fails.
    """
    regions = list(age_sex["region"].values)
    seed = standard.expand_dims(region=regions).transpose("region", "residence", "sex", "age")
    split = rake(seed, [residence, age_sex])
    split.attrs = {
        "grade": "estimated",
        "method": "raking of a standard age by sex by residence table to both margins",
        "unit": "person",
    }
    return split


def _aligned(margin: xr.DataArray, fitted: xr.DataArray) -> xr.DataArray:
    strange = [d for d in margin.dims if d not in fitted.dims]
    if strange:
        raise DataError("a margin has a dimension the seed lacks", found=str(strange))
    for dim in margin.dims:
        if set(margin[dim].values.tolist()) != set(fitted[dim].values.tolist()):
            raise DataError(
                "a margin and the seed have different labels",
                where=str(dim),
                found=f"{margin[dim].values.tolist()} against {fitted[dim].values.tolist()}",
                cure="select or sum to the same labels first",
            )
    labels = {dim: fitted[dim].values for dim in margin.dims}
    return check_quantity("population", margin.sel(labels).astype(float))


def _summed(fitted: xr.DataArray, margin: xr.DataArray) -> xr.DataArray:
    return fitted.sum([d for d in fitted.dims if d not in margin.dims])


def _check_consistent(margins: Sequence[xr.DataArray]) -> None:
    """Two margins must agree on whatever they share."""
    for i, one in enumerate(margins):
        for other in margins[i + 1 :]:
            shared = [d for d in one.dims if d in other.dims]
            a = one.sum([d for d in one.dims if d not in shared])
            b = other.sum([d for d in other.dims if d not in shared])
            gap: xr.DataArray = abs(a - b)
            if float(gap.max()) > _CONSISTENT * max(float(a.sum()), 1.0):
                place = np.unravel_index(int(np.argmax(gap.values)), gap.shape)
                a, b = a.transpose(*gap.dims), b.transpose(*gap.dims)
                raise DataError(
                    "margins disagree",
                    where=describe_place(gap, [int(k) for k in place]),
                    found=f"{float(a.values[place]):.10g} against {float(b.values[place]):.10g}",
                    cure="make the totals equal first: raking never rescales a margin",
                )


def _factors(fitted: xr.DataArray, margin: xr.DataArray) -> xr.DataArray:
    sums = _summed(fitted, margin)
    empty = sums == 0
    if bool((empty & (margin > 0)).any()):
        raise DataError(
            "a margin asks for people where the seed has none",
            found=f"{int((empty & (margin > 0)).sum())} such cells",
            cure="give a seed that is positive wherever a margin is",
        )
    return (margin / sums.where(~empty, 1.0)).where(~empty, 0.0)
