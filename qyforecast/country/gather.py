"""Finished blocks added up in every draw, and what is told of every place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qyforecast.census.country_files import NATION
from qyforecast.country.blocks import MEASURES, QUANTILES, Block
from qyforecast.country.ground import Ground
from qyforecast.country.shelf import load_block
from qyforecast.decide.quantiles import draw_quantiles


@dataclass(frozen=True)
class Gathered:
    """Results of a country; T + 1 year ends from the base year on.

    Attributes
    ----------
    sums : mapping of str to ndarray
        Of the nation and each province by code, ``(sum, T + 1, draw)`` as `Block.sums`.
        [person]
    quantiles : mapping of str to ndarray
        Of each prefecture, province and the nation, ``(measure, quantile, T + 1)``; they are
        taken of the sums in every draw, not summed.
    places : mapping of str to ndarray
        The same of each place.
    still : mapping of str to int
        Draws in which nobody moved between village and town, of the places that have some.
    """

    sums: Mapping[str, np.ndarray]
    quantiles: Mapping[str, np.ndarray]
    places: Mapping[str, np.ndarray]
    still: Mapping[str, int]


def gather(folder: Path, ground: Ground) -> Gathered:
    """Add blocks up in every draw.

    Parameters
    ----------
    folder : Path
        Of the run; all blocks are finished.
    ground : Ground
        Names of places and blocks.

    Returns
    -------
    Gathered
        Sums and quantiles.

    Raises
    ------
    OutputError
        If a block is not there or not whole.
    """
    sums: dict[str, np.ndarray] = {}
    quantiles: dict[str, np.ndarray] = {}
    places: dict[str, np.ndarray] = {}
    still: dict[str, int] = {}
    for code, block in _blocks(folder, ground):
        quantiles[code] = _quantiles(block.sums)
        for whole in (code[:2] + "0000", NATION):
            sums[whole] = sums[whole] + block.sums if whole in sums else block.sums
        for place, at in enumerate(ground.places_of(code)):
            name = ground.labels["codes"][at]
            places[name] = block.quantiles[:, :, place]
            if block.still[place]:
                still[name] = int(block.still[place])
    quantiles |= {code: _quantiles(values) for code, values in sums.items()}
    return Gathered(sums, quantiles, places, still)


def _blocks(folder: Path, ground: Ground) -> Iterator[tuple[str, Block]]:
    return ((code, load_block(folder, code)) for code in ground.blocks)


def _quantiles(sums: np.ndarray) -> np.ndarray:
    """Quantiles of residents, urban residents and their share."""
    persons, urban = sums[:2]
    found = [
        draw_quantiles(values.T, list(QUANTILES.values()))
        for values in (persons, urban, urban / persons)
    ]
    assert len(found) == len(MEASURES)
    return np.stack(found)
