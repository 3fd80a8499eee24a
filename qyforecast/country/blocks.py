"""One block of a country: a prefecture's places projected, summed by draw, and summarised."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import local
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from qyforecast.country.ground import Ground, of_places
from qyforecast.country.worlds import world_of
from qyforecast.decide.quantiles import draw_quantiles
from qyforecast.demography.paths import stream
from qyforecast.errors import UnbalancedAccount
from qyforecast.inference.county_levels import CountyModel, draw_county_levels
from qyforecast.inference.scale import share_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.projection import reference
from qyforecast.projection.lanes import Outputs
from qyforecast.projection.projection import FLOW_SIGNS
from qyforecast.projection.step import allocate, fill, prepare
from qyforecast.projection.world import World

QUANTILES = {"q025": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5}
QUANTILES |= {"q75": 0.75, "q90": 0.9, "q975": 0.975}
#: What is summed by draw: residents and urban residents at year ends, net migrants of the year.
SUMS = ("population", "urban_population", "external_net")
#: What quantiles are of.
MEASURES = ("population", "urban_population", "urban_share")
_NO_AGES = np.zeros(0, dtype=np.int64)
_EXTERNAL = list(FLOW_SIGNS).index("external_net")
_room = local()


@dataclass(frozen=True)
class Block:
    """What is kept of a block; n places, T + 1 year ends.

    Attributes
    ----------
    sums : ndarray
        ``(sum, T + 1, draw)`` in the order of `SUMS`; net migrants of the base year are 0.
        [person]
    quantiles : ndarray
        ``(measure, quantile, n, T + 1)`` in the orders of `MEASURES` and `QUANTILES`.
    still : ndarray of int
        Draws in which nobody moved between village and town, ``(n,)``: all of them where the
        share is off the model's scale, else those whose path asked for more movers than live
        there.
    """

    sums: np.ndarray
    quantiles: np.ndarray
    still: np.ndarray


def project_block(ground: Ground, block: str, *, at_once: int, precision: str) -> Block:
    """Project the places of a prefecture.

    Random numbers are those of the prefecture's and the places' codes, so that neither other
    blocks nor the number of places projected at once make a difference.

    Parameters
    ----------
    ground : Ground
        What blocks share.
    block : str
        Code of the prefecture.
    at_once : int
        How many places are in memory at a time.
    precision : {"float32", "float64"}
        Of the accounts.

    Returns
    -------
    Block
        Sums by draw, and quantiles by place.

    Raises
    ------
    UnbalancedAccount
        If more people leave a place than live there.
    """
    places = ground.places_of(block)
    steps = (len(ground.years) + 1, ground.draws)
    sums = np.zeros((len(SUMS), *steps))
    quantiles = np.empty((len(MEASURES), len(QUANTILES), len(places), steps[0]))
    still = np.zeros(len(places), dtype=np.int64)
    whole = _normals(ground, f"prefecture {block}", steps[0] + 1, precision)
    on_scale = ground.arrays["on_scale"][places]
    effects = _draw_paths(ground, places, whole, precision)
    for coupled in (True, False):
        mine = np.flatnonzero(on_scale == coupled)
        for first in range(0, len(mine), at_once):
            some = mine[first : first + at_once]
            path = effects["path"][:, :, some] if coupled else None
            apart = {name: effects[name][:, some] for name in ("fertility", "departure")}
            totals, net, still[some] = _run(ground, places[some], path, apart, precision)
            persons = totals.sum(axis=(2, 3), dtype=np.float64)
            urban = totals[:, :, 0].sum(axis=2, dtype=np.float64)
            sums[:2] += persons.sum(axis=1), urban.sum(axis=1)
            sums[2, 1:] += net
            for measure, values in enumerate((persons, urban, urban / persons)):
                quantiles[measure][:, some] = _quantiles(values, precision)
    return Block(sums, quantiles, still)


def _normals(ground: Ground, name: str, rows: int, precision: str) -> np.ndarray:
    dtype = np.float32 if precision == "float32" else np.float64
    return stream(int(ground.labels["seed"]), name).standard_normal((rows, ground.draws), dtype)


def _draw_paths(
    ground: Ground, places: np.ndarray, whole: np.ndarray, precision: str
) -> dict[str, np.ndarray]:
    """Urban share ``(draw, year, place)``, factors of fertility and departure ``(draw, place)``."""
    codes = [ground.labels["codes"][at] for at in places]
    steps = len(ground.years)
    own = np.stack([_normals(ground, f"place {code}", steps + 4, precision) for code in codes])
    model = _in(ground.model, precision)
    levels = draw_county_levels(
        model, of_places(ground.figures, places), (whole, own[:, :2], own[:, 4:])
    )
    scale = SimpleNamespace(**{k: ground.labels[k] for k in ("upper_limit", "reference_share")})
    return {
        "path": share_of(levels.transpose(2, 0, 1), cast("ModelSpec", scale)),
        "fertility": np.exp(ground.labels["fertility_sd"] * own[:, 2].T),
        "departure": np.exp(ground.labels["migration_sd"] * own[:, 3].T),
    }


def _in(model: CountyModel, precision: str) -> CountyModel:
    """The model in a precision; its very self where it is so already."""
    if model.level.dtype == precision:
        return model
    return replace(model, **{k: v.astype(precision) for k, v in model.arrays().items()})


def _run(
    ground: Ground,
    places: np.ndarray,
    path: np.ndarray | None,
    apart: Mapping[str, np.ndarray],
    precision: str,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Totals ``(T + 1, C, K, S, draw)``, net migrants ``(T, draw)``, draws without moves."""
    outputs = _filled(world_of(ground, places, path, apart), precision)
    draws = ground.draws
    totals, external = outputs.totals[..., :draws], outputs.flows[_EXTERNAL][..., :draws]
    still = np.zeros(len(places), dtype=np.int64)
    if path is None:
        still[:] = draws
    broken = np.flatnonzero(outputs.broken[:draws])
    for c in range(len(places)) if len(broken) else ():
        some = {name: values[broken, c : c + 1] for name, values in apart.items()}
        where = (ground, places[c : c + 1], some, broken)
        moving = None if path is None else path[broken][:, :, c : c + 1]
        amiss, mended = _mend(where, moving, precision)
        still[c] += 0 if path is None else len(amiss)
        totals[:, c][..., broken], external[:, c][..., broken] = mended
    return totals, external.sum(axis=(1, 2, 3), dtype=np.float64), still


def _mend(
    where: tuple[Ground, np.ndarray, Mapping[str, np.ndarray], np.ndarray],
    path: np.ndarray | None,
    precision: str,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Project broken draws of one place again, those that break alone without moves to town."""
    ground, place, apart, draws = where
    world = world_of(ground, place, path, apart, draws)
    one = _copied(_filled(world, precision), len(draws))
    amiss = np.flatnonzero(one[2])
    if not len(amiss):
        return amiss, one[:2]
    if path is None:
        _explain(world, int(amiss[0]))
    some = {name: values[amiss] for name, values in apart.items()}
    again = world_of(ground, place, None, some, draws[amiss])
    other = _copied(_filled(again, precision), len(amiss))
    if other[2].any():
        _explain(again, int(np.argmax(other[2])))
    one[0][..., amiss], one[1][..., amiss] = other[:2]
    return amiss, one[:2]


def _copied(outputs: Outputs, draws: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    totals = outputs.totals[:, 0, ..., :draws].copy()
    return totals, outputs.flows[_EXTERNAL][:, 0, ..., :draws].copy(), outputs.broken[:draws] > 0


def _explain(world: World, draw: int) -> None:
    """Let the reference name the cell at fault."""
    reference.run(world.of_draws(slice(draw, draw + 1)))
    raise UnbalancedAccount(
        "more people leave than live there",
        where=f"place {', '.join(world.frame.regions)}, draw {draw}",
        cure="project with --precision float64",
    )


def _filled(world: World, precision: str) -> Outputs:
    """Run the compiled accounts on this thread, in room that is made once for each size."""
    key = (world.sizes, precision)
    if len(world.frame.draws) < 100 or getattr(_room, "key", None) != key:
        outputs = allocate(world, 0, "float32", precision)
        if len(world.frame.draws) >= 100:
            _room.key, _room.outputs = key, outputs
    else:
        outputs: Any = _room.outputs
        outputs.broken[:] = 0
    fill(prepare(world, _NO_AGES, precision), outputs, threads=1)
    return outputs


def _quantiles(values: np.ndarray, precision: str) -> np.ndarray:
    """Quantiles over draws of ``(T + 1, C, draw)``: ``(quantile, C, T + 1)``."""
    series = values.reshape(-1, values.shape[-1]).astype(precision, copy=False)
    found = draw_quantiles(series.T, list(QUANTILES.values()))
    return found.reshape(len(found), *values.shape[:2]).swapaxes(1, 2)
