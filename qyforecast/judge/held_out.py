"""Counties of one province held out: do industry and employment help to foretell their decade?

The rest of the panel is heard, the province's own yearly series among it, and the held-out
counties' employment and value added are taken as known: the question is what these say
about places the model has not seen, not what could have been said in 2010.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.fit import Fitter
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import county_residual
from qyforecast.inference.scale import share_of, slope_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.judge.cells import Foretold, as_table, score_cells
from qyforecast.judge.refits import patient
from qyforecast.judge.scores import log_density


def hold_out_counties(
    spec: ModelSpec,
    panel: Panel,
    rivals: Sequence[str],
    *,
    seed: int,
    say: Callable[[str], None],
) -> pd.DataFrame:
    """Foretell the second census of each province's counties from the first and the others.

    Parameters
    ----------
    spec : ModelSpec
        The model, with the sampler to be used.
    panel : Panel
        Counties at two censuses, all that is known of provinces.
    rivals : sequence of str
        Names.
    seed : int
        Seed.
    say : callable
        Told what is done next.

    Returns
    -------
    DataFrame
        As `score_cells`, with the columns ``province`` and ``prefecture``.

    Raises
    ------
    UnhealthyFit
        If a fit does not converge.
    """
    design = make_design(spec, panel)
    province = panel.counties["province"].values
    say("compiling the model with counties")
    fitter = Fitter(spec, panel)
    first, last = (int(year) for year in panel.counties["census"].values)
    foretold = []
    for home in np.unique(province):
        inside = province == home
        for rival in rivals:
            say(f"fitting {rival} without the counties of {home}")
            masked = mask_counties(design, inside)
            posterior = patient(
                lambda draws, masked=masked, rival=rival: fitter.fit_design(
                    masked, panel, seed=seed, draws=draws, rival=rival
                ),
                int(spec.sampler["chains"]) * int(spec.sampler["draws"]),
            )
            share, density = foretell_counties(posterior, spec, masked, inside, seed=seed)
            point = np.median(share, axis=0)
            foretold.append(Foretold(rival, "rival", first, last - first, point, share, density))
    shares = as_table(panel.counties["urban_share"], "census", "county")
    cells = score_cells(foretold, shares)
    places = panel.counties[["province", "prefecture"]].to_dataframe()
    return cells.join(places[["province", "prefecture"]], on="region")


def mask_counties(design: Design, inside: np.ndarray) -> Design:
    """Silence counties, and the city's readings where it is among them.

    Parameters
    ----------
    design : Design
        All counties heard.
    inside : ndarray of bool
        Those to be silenced, ``(N,)``.

    Returns
    -------
    Design
        The rest is heard.
    """
    heard = np.where(inside, 0.0, design.county_heard)
    # Readings are measured from the city's own counts: with these they are silent.
    known = design.reading_known * (0.0 if inside[design.own].any() else 1.0)
    return replace(design, county_heard=heard, reading_known=known)


def foretell_counties(
    posterior: Posterior, spec: ModelSpec, design: Design, inside: np.ndarray, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the second census of counties that the fit has not heard.

    The effects of their prefectures and their own are drawn anew, from what the others
    show of their spread.

    Parameters
    ----------
    posterior : Posterior
        Fitted to `design`.
    spec : ModelSpec
        Its specification.
    design : Design
        Counties masked.
    inside : ndarray of bool
        Counties foretold, ``(N,)``.
    seed : int
        Seed.

    Returns
    -------
    tuple of ndarray
        Shares at the second census, ``(D, N)`` [1], and the log density of what was
        counted on the log odds, ``(N,)``; missing for counties that were heard.
    """
    rng = np.random.default_rng([seed, 67])
    theta = posterior.values(spec, design)
    off = county_residual(theta, design.arrays())
    places = design.county_prefecture
    new = rng.standard_normal((len(off), places.max() + 1))
    centre = design.end - off + (theta["prefecture_scale"] * new)[:, places]
    scale, df = theta["county_scale"], theta["county_df"]
    with np.errstate(over="ignore"):  # far out in a heavy tail a share is 0, as it should be
        share = share_of(centre + scale * rng.standard_t(df, centre.shape), spec)
    density = log_density(design.end, centre, scale, df)
    counted = share_of(design.end, spec)
    density += np.log(counted * (1 - counted)) - np.log(slope_of(counted, spec))
    return np.where(inside, share, np.nan), np.where(inside, density, np.nan)


def compare_drivers(cells: pd.DataFrame, others: Sequence[str], against: str) -> pd.DataFrame:
    """Difference in score that industry and employment make, with its standard error.

    Parameters
    ----------
    cells : DataFrame
        From `hold_out_counties`.
    others : sequence of str
        Rivals with drivers.
    against : str
        The rival without.

    Returns
    -------
    DataFrame
        ``method, counties, crps, crps_without, difference, standard_error, log_score_gain,
        log_score_error``: means over counties; below zero the CRPS [1] is better with
        drivers, above zero the log score. Errors count a prefecture as one observation.
    """
    rows = []
    wide = {
        score: cells.pivot_table(index=["prefecture", "region"], columns="method", values=score)
        for score in ("crps", "log_density")
    }
    for name in others:
        crps, logs = (table[name] - table[against] for table in wide.values())
        row = {"method": name, "counties": len(crps)}
        row |= {"crps": wide["crps"][name].mean(), "crps_without": wide["crps"][against].mean()}
        row |= {"difference": crps.mean(), "standard_error": clustered_error(crps)}
        row |= {"log_score_gain": logs.mean(), "log_score_error": clustered_error(logs)}
        rows.append(row)
    return pd.DataFrame(rows)


def clustered_error(values: pd.Series) -> float:
    """Standard error of a mean whose terms come in clusters.

    Parameters
    ----------
    values : Series
        Terms; the first level of the index names the cluster.

    Returns
    -------
    float
        In the unit of the terms.

    References
    ----------
    Cameron and Miller (2015), *J. Human Resources* 50, equation 11 for a mean.
    """
    sums = (values - values.mean()).groupby(level=0).sum()
    count = len(sums)
    return float(np.sqrt(count / (count - 1) * (sums**2).sum()) / len(values))


def in_words(row: pd.Series) -> str:
    """Say what drivers add.

    Parameters
    ----------
    row : Series
        Of `compare_drivers`.

    Returns
    -------
    str
        A sentence.
    """
    points, error = 100 * row["difference"], 100 * row["standard_error"]
    if abs(points) < 2 * error:
        verdict = "no difference can be told"
    else:
        verdict = "better with them" if points < 0 else "worse with them"
    return (
        f"{row['method']}: CRPS of {row['counties']:.0f} counties held out by province "
        f"{100 * row['crps']:.3f} points, without industry and employment "
        f"{100 * row['crps_without']:.3f}: {points:+.3f} (standard error {error:.3f}, "
        f"{points / (100 * row['crps_without']) * 100:+.1f} %); {verdict}."
    )
