"""How far priors, and the parts of the likelihood, decide what is reported: power scaling."""

from collections.abc import Mapping

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from qyforecast.census.panel import Panel
from qyforecast.inference.derived import RESPONSES
from qyforecast.inference.design import driver_names, make_design
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.priors import Prior
from qyforecast.inference.provinces import province_shocks
from qyforecast.inference.recursion import county_residual
from qyforecast.inference.spec import ModelSpec

#: A distance above this is worth a look (Kallioinen et al. 2024).
THRESHOLD = 0.05
#: Scalars that are reported beside the responses.
REPORTED = (
    *("pace", "national_convergence", "convergence", "province_scale"),
    *("county_offset", "prefecture_scale", "county_scale", "persistence"),
)


def log_density(prior: Prior, values: np.ndarray) -> np.ndarray:
    """Say how dense a prior is.

    Parameters
    ----------
    prior : Prior
        Family and parameters.
    values : ndarray
        Where.

    Returns
    -------
    ndarray
        Natural logarithm of the density.
    """
    p = prior.parameters
    match prior.distribution:
        case "normal":
            return stats.norm.logpdf(values, p["mean"], p["sd"])
        case "lognormal":
            return stats.lognorm.logpdf(values, p["sigma"], scale=p["median"])
        case "halfnormal":
            return stats.halfnorm.logpdf(values, scale=p["sd"])
        case "beta":
            return stats.beta.logpdf(values, p["a"], p["b"])
        case _:
            return stats.gamma.logpdf(values, p["shape"], scale=1 / p["rate"])


def reported_quantities(
    posterior: Posterior, spec: ModelSpec, further: Mapping[str, np.ndarray] | None = None
) -> xr.Dataset:
    """Collect what a reader is told, by chain and draw.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    further : mapping, optional
        Name to ``(D,)``, chain after chain, as the city's share in a year.

    Returns
    -------
    Dataset
        One scalar variable for each quantity, ``(chain, draw)``.
    """
    drivers = driver_names(spec)
    wanted = {name: posterior.column(name)[:, 0] for name in REPORTED if name in posterior.draws}
    for kind in ("response", "change"):
        columns = [posterior.column(f"{name}_{kind}") for name in spec.drivers]
        for driver, values in zip(drivers, np.hstack(columns).T, strict=True):
            wanted[f"{kind} to {driver}"] = values
    return _by_chain(posterior, wanted | dict(further or {}))


def prior_densities(posterior: Posterior, spec: ModelSpec) -> xr.Dataset:
    """Log density of each prior at each draw.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.

    Returns
    -------
    Dataset
        One variable for each prior that the fit used, ``(chain, draw)``.
    """
    rival = spec.rival(posterior.rival)
    silent = {name for name in RESPONSES if not (rival.changes if name.endswith("change")
                                                 else rival.levels)}  # fmt: skip
    return _by_chain(
        posterior,
        {
            name: log_density(prior, posterior.column(name)).sum(axis=1)
            for name, prior in spec.priors.items()
            if name in posterior.draws and name not in silent
        },
    )


def likelihood_densities(posterior: Posterior, spec: ModelSpec, panel: Panel) -> xr.Dataset:
    """Log likelihood of the provinces' years and of the counties' decade at each draw.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    panel : Panel
        Its panel.

    Returns
    -------
    Dataset
        ``provinces`` and ``counties``, ``(chain, draw)``; the few readings of the city
        are not among them.
    """
    design = make_design(spec, panel)
    theta, data = posterior.values(spec, design), design.arrays()
    shock, scale, df = province_shocks(theta, data)
    seen = design.valid > 0
    provinces = _student_t(shock[:, seen], scale[:, seen], df[:, seen])
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    own = county_residual(theta, data) - effect[:, design.county_prefecture]
    counties = _student_t(own, theta["county_scale"], theta["county_df"]) * design.county_heard
    parts = {"provinces": provinces.sum(axis=1), "counties": counties.sum(axis=1)}
    return _by_chain(posterior, parts)


def power_scaling(
    quantities: xr.Dataset, priors: xr.Dataset, likelihood: xr.Dataset
) -> pd.DataFrame:
    """Raise each part of the posterior to powers near one, and see what moves.

    The draws are weighted by ``part ** (power - 1)``, the weights smoothed by a Pareto
    distribution; the distance is the cumulative Jensen-Shannon distance per doubling of
    the power.

    Parameters
    ----------
    quantities : Dataset
        What is reported, ``(chain, draw)``.
    priors, likelihood : Dataset
        Log densities of the parts, ``(chain, draw)``.

    Returns
    -------
    DataFrame
        ``quantity, kind, part, distance, sensitive``: kind is ``prior`` or ``likelihood``,
        sensitive where the distance is above `THRESHOLD`.

    References
    ----------
    Kallioinen, Paananen, Bürkner and Vehtari (2024), Statistics and Computing 34, 57;
    computed by ArviZ.
    """
    tree = xr.DataTree.from_dict(
        {"posterior": quantities, "log_prior": priors, "log_likelihood": likelihood}
    )
    rows = []
    for kind, parts in (("prior", priors), ("likelihood", likelihood)):
        for part in parts.data_vars:
            moved = az.psense(tree, group=kind, group_var_names=[str(part)])
            for quantity, distance in moved.data_vars.items():
                rows.append((str(quantity), kind, str(part), float(distance)))
    table = pd.DataFrame(rows, columns=["quantity", "kind", "part", "distance"])
    return table.assign(sensitive=table["distance"] > THRESHOLD)


def _student_t(residual: np.ndarray, scale: np.ndarray, df: np.ndarray) -> np.ndarray:
    return stats.t.logpdf(residual / scale, df) - np.log(scale)


def _by_chain(posterior: Posterior, values: Mapping[str, np.ndarray]) -> xr.Dataset:
    shape = (posterior.draws.sizes["chain"], posterior.draws.sizes["draw"])
    return xr.Dataset({k: (("chain", "draw"), v.reshape(shape)) for k, v in values.items()})
