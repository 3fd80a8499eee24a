"""The accounts' inputs for some places of a country, as plain arrays."""

from collections.abc import Mapping

import numpy as np

from qyforecast.country.ground import Ground
from qyforecast.projection.frame import Frame
from qyforecast.projection.method import TIMINGS
from qyforecast.projection.world import World
from qyforecast.vocabulary import RESIDENCES, SINGLE_AGES


def world_of(
    ground: Ground,
    chosen: np.ndarray,
    path: np.ndarray | None,
    apart: Mapping[str, np.ndarray],
    draws: np.ndarray | None = None,
) -> World:
    """Build the inputs of a projection.

    Nobody moves back to the village beyond what the urban path asks: moves are net.

    Parameters
    ----------
    ground : Ground
        What blocks share.
    chosen : ndarray of int
        Positions of the places.
    path : ndarray or None
        Urban share, ``(draw, year, place)``; without it nobody moves between village and town.
        [1]
    apart : mapping
        ``fertility, departure``: factors of each place, ``(draw, place)``. [1]
    draws : ndarray of int, optional
        Positions of the draws that `path` and `apart` are of; all if left out.

    Returns
    -------
    World
        Plain arrays.
    """
    frame = _frame(ground, chosen, len(apart["departure"]))
    a, kind = ground.arrays, ground.arrays["kind"][chosen]
    by_region = (len(frame.draws), len(frame.years), len(chosen))
    common = slice(None) if draws is None else draws
    persons, (coming, leaving) = a["persons"][chosen], _migration(ground, chosen)
    cells = (1, *persons.shape)
    still, nothing = np.broadcast_to(0.0, cells), np.broadcast_to(0.0, by_region)
    ones = np.broadcast_to(1.0, by_region)
    fertility = a["childbearing"][kind] * a["fertility"][chosen, None, None]
    departure = np.broadcast_to(apart["departure"][:, None], by_region)
    return World(
        frame=frame,
        timing=TIMINGS["even"],
        start=np.broadcast_to(persons, (len(frame.draws), *persons.shape)),
        survival=a["survival"][:, None, kind],
        birth_survival=a["birth_survival"][:, None, kind],
        level=a["mortality_level"][common],
        fertility=fertility[None],
        fertility_scale=a["fertility_scale"][common][:, :, None] * apart["fertility"][:, None],
        boys=a["boys"].reshape(1),
        arrivals=coming[None],
        departure=leaving[None],
        arrivals_scale=_growth(ground, coming) / departure,
        departure_scale=departure,
        net_rate=still,
        leaving=still,
        leaving_scale=ones[:, :, 0],
        destination=np.full(len(chosen), 1 / len(chosen)),
        moving=a["moving"] if path is not None else np.zeros_like(a["moving"]),
        returning=a["returning"] if path is not None else np.zeros_like(a["returning"]),
        family=np.zeros_like(a["moving"]),
        moving_scale=ones,
        return_scale=nothing,
        retained=nothing,
        followers=nothing,
        extra_movers=nothing,
        reclassified=nothing,
        path=path,
    )


def _frame(ground: Ground, chosen: np.ndarray, draws: int) -> Frame:
    codes = tuple(ground.labels["codes"][at] for at in chosen)
    areas = tuple(f"{code}-{residence}" for code in codes for residence in RESIDENCES)
    base = int(ground.labels["base_year"])
    return Frame(tuple(range(draws)), base, ground.years, codes, RESIDENCES, areas, SINGLE_AGES)


def _migration(ground: Ground, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals of the base year [person] and departure rates [1 / year], ``(C, K, S, A)``."""
    persons, net = ground.arrays["persons"][chosen], ground.arrays["net"][chosen][:, None]
    whole = persons.sum(axis=1, keepdims=True)
    flows = []
    for rural in (1 / ground.labels["urban_arrival"], ground.labels["rural_departure"]):
        ratio = np.array([1.0, rural])[None, :, None, None]
        mean = (persons * ratio).sum(axis=1, keepdims=True) / np.where(whole > 0, whole, 1.0)
        flows.append(ratio / np.where(whole > 0, mean, 1.0))
    return np.maximum(net, 0.0) * flows[0] * persons, np.maximum(-net, 0.0) * flows[1]


def _growth(ground: Ground, coming: np.ndarray) -> np.ndarray:
    """Arrivals over the base year's, as the nation's people of their ages grow, ``(1, Y, C)``."""
    ages = coming.sum(axis=1)
    whole = ages.sum(axis=(1, 2))
    grown = np.einsum("csa,ysa->yc", ages, ground.arrays["growth"])
    return np.where(whole > 0, grown / np.where(whole > 0, whole, 1.0), 1.0)[None]
