"""Weights of the rivals, from how well each foretold years it had not seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.errors import SpecificationError, StalePosterior
from qyforecast.filing import finish, whole_file
from qyforecast.inference.spec import ModelSpec

#: A rival of less weight is left out, and its weight shared: it would cost a fit, and weights
#: found from two sets of refits that differ in their chains alone lay 0.2 apart.
LEAST = 0.1
#: A rival of this weight or more speaks alone.
DOMINANT = 0.9
#: File beside the specification that holds the weights.
FILE = "weights.json"


@dataclass(frozen=True)
class Weights:
    """Weights of a specification's rivals, by year of knowledge.

    Attributes
    ----------
    specification : str
        Fingerprint of the specification they were found for.
    by_year : mapping
        Year of knowledge to rival to weight; a year has the weights of the newest that is
        not later.
    """

    specification: str
    by_year: Mapping[int, Mapping[str, float]]

    def as_of(self, year: int) -> dict[str, float]:
        """Find the weights that were known in a year.

        Parameters
        ----------
        year : int
            Year of knowledge.

        Returns
        -------
        dict
            Rival to weight; small weights are left out, a dominant one is alone.

        Raises
        ------
        SpecificationError
            If there are none so early.
        """
        known = [one for one in self.by_year if one <= year]
        if not known:
            raise SpecificationError(
                f"no weights of the rivals were known in {year}",
                found=f"the first of {min(self.by_year)}",
                cure="choose a later year, or one rival with --rival",
            )
        return settle(self.by_year[max(known)])


def settle(weights: Mapping[str, float]) -> dict[str, float]:
    """Leave small weights out, and let a dominant rival speak alone.

    Parameters
    ----------
    weights : mapping
        Rival to weight.

    Returns
    -------
    dict
        Rival to weight; they sum to one.
    """
    best = max(weights, key=lambda name: weights[name])
    if weights[best] >= DOMINANT:
        return {best: 1.0}
    kept = {name: weight for name, weight in weights.items() if weight >= LEAST}
    whole = sum(kept.values())
    return {name: weight / whole for name, weight in kept.items()}


def stack(log_density: np.ndarray) -> np.ndarray:
    """Find the weights under which a mixture would have foretold best.

    Parameters
    ----------
    log_density : ndarray
        Log predictive density of each observation under each rival, ``(n, R)``.

    Returns
    -------
    ndarray
        Weights, ``(R,)``, from 0 up, summing to one: the maximum of the mean log density
        of the mixture, found by expectation and maximization. [1]

    References
    ----------
    Yao, Vehtari, Simpson and Gelman (2018), Bayesian Analysis 13, 917-1007.
    """
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    weights = np.full(density.shape[1], 1 / density.shape[1])
    for _ in range(5000):
        before = weights
        parts = density * before
        weights = (parts / parts.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(weights - before).max() < 1e-9:
            break
    return weights


def weights_by_year(scores: pd.DataFrame, rivals: Sequence[str], first: int) -> dict[int, dict]:
    """Stack the rivals on what each year of knowledge could look back on.

    Parameters
    ----------
    scores : DataFrame
        ``rival, origin, horizon, place, log_density``, one row each.
    rivals : sequence of str
        Names, in order.
    first : int
        First year of knowledge wanted.

    Returns
    -------
    dict
        Year of knowledge to rival to weight, for each year until the last outcome is
        published, the year after it.
    """
    table = scores.pivot_table(
        index=["origin", "horizon", "place"], columns="rival", values="log_density"
    ).dropna()
    outcome = table.index.get_level_values("origin") + table.index.get_level_values("horizon")
    found = {}
    for year in range(first, int(outcome.max()) + 2):
        known = table.loc[outcome < year, list(rivals)].to_numpy()
        found[year] = dict(zip(rivals, stack(known).tolist(), strict=True))
    return found


def write_weights(path: Path, spec: ModelSpec, by_year: Mapping[int, Mapping[str, float]]) -> None:
    """Write weights beside a specification, whole or not at all.

    Parameters
    ----------
    path : Path
        The specification's file.
    spec : ModelSpec
        What it says.
    by_year : mapping
        From `weights_by_year`.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    content = {
        "specification": spec.sha256,
        "weights": {
            str(year): {name: round(weight, 4) for name, weight in weights.items()}
            for year, weights in by_year.items()
        },
    }
    with whole_file(path.with_name(FILE)) as part:
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


#: What reading a file of another form ends in.
_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)


def _check_sums(weights: Mapping[int, Mapping[str, float]]) -> None:
    """Weights of a year are shares of one; NaN compares false and is none."""
    if not weights:
        raise ValueError("no year")
    for year, row in weights.items():
        whole = all(0 <= weight <= 1 for weight in row.values())
        # They are written with four digits.
        if not (whole and abs(sum(row.values()) - 1) < 0.01):
            raise ValueError(f"the weights of {year} are {row}, which are no shares of one")


def read_weights(path: Path, spec: ModelSpec) -> Weights:
    """Read the weights beside a specification.

    Parameters
    ----------
    path : Path
        The specification's file.
    spec : ModelSpec
        What it says.

    Returns
    -------
    Weights
        Those found for it; where there is no file, or one rival only, the full model
        speaks alone.

    Raises
    ------
    StalePosterior
        If they were found for another specification.
    """
    finish(path.parent)
    source = path.with_name(FILE)
    if not source.exists() or len(spec.rivals) == 1:
        return Weights(spec.sha256, {0: {spec.full: 1.0}})
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        weights = {
            int(year): {spec.rival(str(name)).name: float(weight) for name, weight in row.items()}
            for year, row in content["weights"].items()
        }
        found = str(content["specification"])
        _check_sums(weights)
    except _WRONG as error:
        raise StalePosterior(
            "this file does not hold weights of rivals",
            where=str(source),
            found=str(error),
            cure="qyforecast backtest --weigh makes it; without it the full model speaks alone",
        ) from error
    if found != spec.sha256:
        raise StalePosterior(
            "the weights were found for another specification",
            where=str(source),
            found=f"{found[:16]}, now {spec.sha256[:16]}",
            cure="find them again with qyforecast backtest --weigh, or delete the file",
        )
    return Weights(found, weights)
