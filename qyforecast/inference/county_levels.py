"""Urban shares of counties of any province, drawn from the hierarchy of the urban model.

A county moves with its province, converges towards it, and keeps what of its own decade
lasts; what the censuses do not say of it is drawn from what counties show of their spread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.mixture import Mixture, interleave
from qyforecast.inference.nation import fading
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.provinces import draw_provinces, known_until
from qyforecast.inference.readings import sector_shares
from qyforecast.inference.recursion import DECADE, horizon_sums
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec

#: Names of the fields that differ between draws, all of them.
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class CountyModel:
    """What all counties share in every draw: D draws, Y years ahead, P provinces, K drivers.

    Attributes
    ----------
    level : ndarray
        Of the provinces at the base year and each year's end, ``(D, Y + 1, P)``. [log odds]
    keep : ndarray
        Share of a gap to the province that remains after a year, ``(D, P)``.
    fade : ndarray
        How much of an own pace is left, ``(D, Y)``. [1]
    offset : ndarray
        Drift of counties beside provinces, ``(D, 1)``. [log odds / year]
    expected : ndarray
        What the decade between the censuses brought a county beside its drivers and its own
        start, ``(D, P)``. [log odds]
    response : ndarray
        Of a county's pace to its drivers, ``(D, P, K)``.
    change_response : ndarray
        Of its level to their changes, ``(D, K)``.
    push : ndarray
        What the province's own drivers add to its pace, ``(D, P)``: they are in its level.
    persistence, prefecture_scale, county_scale : ndarray
        Share of a decade's deviation that lasts [1], spreads of deviations [log odds],
        ``(D, 1)``.
    """

    level: np.ndarray
    keep: np.ndarray
    fade: np.ndarray
    offset: np.ndarray
    expected: np.ndarray
    response: np.ndarray
    change_response: np.ndarray
    push: np.ndarray
    persistence: np.ndarray
    prefecture_scale: np.ndarray
    county_scale: np.ndarray

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all arrays by name.

        Returns
        -------
        dict
            Name to array.
        """
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class CountyFigures:
    """What is known of the counties of one prefecture; n counties, K drivers.

    Attributes
    ----------
    province : ndarray of int
        Place of each county's province, ``(n,)``.
    start, end : ndarray
        Level at the two censuses, ``(n,)``. [log odds]
    heard : ndarray of bool
        Whether the two can be compared, ``(n,)``.
    past, now : ndarray
        Drivers less the mean place's, mean of the decade and at its end, ``(n, K)``. [1]
    moved : ndarray
        Their change over the decade, ``(n, K)``. [1]
    """

    province: np.ndarray
    start: np.ndarray
    end: np.ndarray
    heard: np.ndarray
    past: np.ndarray
    now: np.ndarray
    moved: np.ndarray


def county_model(
    mixture: Mixture, spec: ModelSpec, panel: Panel, *, to: int, seed: int
) -> CountyModel:
    """Draw what all counties share: the provinces' own future, and the parameters.

    Years in which every province's urban share is published are taken as published.

    Parameters
    ----------
    mixture : Mixture
        What was learned.
    spec : ModelSpec
        Its specification.
    panel : Panel
        What was known.
    to : int
        Last year.
    seed : int
        Seed.

    Returns
    -------
    CountyModel
        One draw for every draw of the mixture.

    Raises
    ------
    DataError
        If a province has no urban share at the base year.
    """
    owner = interleave([part.size for part in mixture.parts])
    order = np.argsort(np.concatenate([np.flatnonzero(owner == k) for k in
                                       range(len(mixture.parts))]))  # fmt: skip
    parts = [
        _of_rival(part, spec, panel, to, seed + place) for place, part in enumerate(mixture.parts)
    ]
    return CountyModel(**{
        name: np.concatenate([part[name] for part in parts])[order] for name in parts[0]
    })  # fmt: skip


def _of_rival(
    posterior: Posterior, spec: ModelSpec, panel: Panel, to: int, seed: int
) -> dict[str, np.ndarray]:
    design = make_design(spec, panel)
    theta = posterior.values(spec, design)
    keep = 1 - theta["province_convergence"]
    total, _ = horizon_sums(keep, DECADE)
    apart = theta["response_z"]
    spread = theta["employment_province_spread"][:, :, None] * apart
    responses = {}
    for place in ("county", "province"):
        shared = theta[f"{place}_response"][:, None]
        responses[place] = np.repeat(shared, apart.shape[1], axis=1)
        responses[place][..., : apart.shape[-1]] += spread
    return {
        "level": _province_levels(posterior, spec, panel, to, seed),
        "keep": keep,
        "fade": fading(posterior, spec, to - panel.base_year, np.random.default_rng([seed, 83])),
        "offset": theta["county_offset"],
        "expected": _decade(theta, design)
        + total * (theta["county_offset"] + theta["province_effect"]),
        "response": responses["county"],
        "change_response": theta["change_response"],
        "push": np.einsum("dpk,pk->dp", responses["province"], _province_drivers(spec, panel)),
        "persistence": theta["persistence"],
        "prefecture_scale": theta["prefecture_scale"],
        "county_scale": theta["county_scale"],
    }


def _province_levels(
    posterior: Posterior, spec: ModelSpec, panel: Panel, to: int, seed: int
) -> np.ndarray:
    """Levels as published as long as all are, then as drawn, ``(D, Y + 1, P)``."""
    shares = panel.provinces["urban_share"].transpose("year", "province")
    told = shares["year"].values[np.isfinite(shares.values).all(axis=1)]
    told = told[(told >= panel.base_year) & (told <= to)]
    if not len(told) or told[0] != panel.base_year:
        raise DataError(
            "a province has no urban share in the year of the census",
            where=f"provinces, variable urban_share, year {panel.base_year}",
        )
    origin = int(told[-1])
    known = level_of(shares.sel(year=list(range(panel.base_year, origin + 1))).values, spec)
    known = np.broadcast_to(known, (posterior.size, *known.shape))
    if origin == to:
        return known
    drawn = draw_provinces(
        posterior, spec, known_until(panel, origin), origin=origin, years=to - origin, seed=seed
    )
    return np.concatenate([known, drawn.level], axis=1)


def _decade(theta: Arrays, design: Design) -> np.ndarray:
    """What pace and pull of the nation added up to over the decade, ``(D, P)``."""
    keep = 1 - theta["province_convergence"]
    powers = keep[..., None] ** np.arange(DECADE - 1, -1, -1)
    pace, level = (theta[name][:, None, design.decade] for name in ("year_pace", "nation_level"))
    return (powers * (pace + (1 - keep)[..., None] * level)).sum(axis=-1)


def _province_drivers(spec: ModelSpec, panel: Panel) -> np.ndarray:
    """Drivers of each province in the last year all are known, less the mean's, ``(P, K)``."""
    parts = [sector_shares(spec, panel.provinces, name) for name in spec.drivers]
    values = np.concatenate(parts, axis=-1)
    last = values[np.isfinite(values).all(axis=(1, 2))][-1]
    return last - last.mean(axis=0)


def draw_county_levels(
    model: CountyModel, figures: CountyFigures, normals: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> np.ndarray:
    """Draw the levels of the counties of a prefecture.

    Drivers stay where they are against the mean place.

    Parameters
    ----------
    model : CountyModel
        What all share.
    figures : CountyFigures
        What is known of these counties.
    normals : tuple of ndarray
        Standard normal numbers: of the prefecture ``(Y + 2, D)``, of each county its decade
        and what lasts of it ``(n, 2, D)``, and its years ``(n, Y, D)``.

    Returns
    -------
    ndarray
        Levels at year ends, ``(Y, n, D)``. [log odds]
    """
    province = figures.province
    keep, lasting = model.keep.T[province], model.persistence.T
    prefecture, county = model.prefecture_scale.T, model.county_scale.T
    total, spread = horizon_sums(keep, DECADE)
    whole, own, yearly = normals
    effect, off = _deviations(model, figures, whole[0], own[:, 0])
    noise = np.sqrt(lasting * (1 - lasting))
    pace = lasting * effect + noise * prefecture * whole[1]
    pace = (pace + lasting * off + noise * county * own[:, 1]) / total + model.offset.T
    size = np.sqrt((1 - lasting) / spread)
    driven = np.einsum("dnk,nk->nd", model.response[:, province], figures.now)
    driven = driven - model.push.T[province]
    known = model.level.transpose(1, 2, 0)[:, province]
    gap, out = figures.end[:, None] - known[0], np.empty_like(yearly.transpose(1, 0, 2))
    for year in range(len(out)):
        shock = size * (prefecture * whole[2 + year] + county * yearly[:, year])
        gap = keep * gap + model.fade[:, year] * pace + driven + shock
        out[year] = known[year + 1] + gap
    return out


def _deviations(
    model: CountyModel, figures: CountyFigures, prefecture: np.ndarray, county: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Split counties' decades into the prefecture's part and their own, ``(D,)`` and ``(n, D)``.

    The part that counties share is normal given their decades; a county that the censuses
    do not compare has a deviation drawn anew.
    """
    province, keep = figures.province, model.keep.T[figures.province]
    total, _ = horizon_sums(keep, DECADE)
    drivers = np.einsum("dnk,nk->nd", model.response[:, province], figures.past)
    drivers = drivers + (figures.moved @ model.change_response.T) / DECADE
    off = figures.end[:, None] - keep**DECADE * figures.start[:, None]
    off = off - total * drivers - model.expected.T[province]
    heard = figures.heard
    one, many = model.prefecture_scale.T[0] ** 2, model.county_scale.T[0] ** 2
    count = heard.sum()
    mean = off[heard].sum(axis=0) * one / (many + count * one)
    effect = mean + np.sqrt(one * many / (many + count * one)) * prefecture
    drawn = model.county_scale.T * county
    return effect, np.where(heard[:, None], off - effect, drawn)
