"""The health of a sample, and refusing one that did not converge."""

from collections.abc import Mapping
from typing import Any

import arviz as az
import numpy as np
import xarray as xr

from qyforecast.errors import UnhealthyFit


def diagnose(tree: xr.DataTree, gate: Mapping[str, float]) -> dict[str, Any]:
    """Measure the health of a sample.

    Parameters
    ----------
    tree : DataTree
        Groups ``posterior`` and ``sample_stats``.
    gate : mapping
        Limits; recorded beside the figures.

    Returns
    -------
    dict
        Worst R-hat and smallest bulk and tail effective sample size with the
        parameters they belong to, divergences, smallest E-BFMI, limits.

    References
    ----------
    Vehtari et al. (2021), *Bayesian Analysis* 16(2); Betancourt (2016) for E-BFMI.
    """
    sample = tree["posterior"].to_dataset()
    health: dict[str, Any] = {"gate": dict(gate)}
    rhat_at, health["rhat"] = _extreme(az.rhat(sample), largest=True)
    bulk_at, health["ess_bulk"] = _extreme(az.ess(sample, method="bulk"), largest=False)
    tail_at, health["ess_tail"] = _extreme(az.ess(sample, method="tail"), largest=False)
    health |= {"rhat_at": rhat_at, "ess_bulk_at": bulk_at, "ess_tail_at": tail_at}
    stats = tree["sample_stats"].to_dataset()
    health["divergences"] = int(stats["diverging"].sum())
    energy = stats["energy"].transpose("chain", "draw").values
    steps = np.diff(energy, axis=1)
    health["bfmi"] = float(((steps**2).mean(axis=1) / energy.var(axis=1)).min())
    return health


def _extreme(table: Any, *, largest: bool) -> tuple[str, float]:
    """Find the worst entry of a dataset of diagnostics and name it."""
    worst_name, worst = "", -np.inf if largest else np.inf
    for name, values in table.data_vars.items():
        flat = np.asarray(values, dtype=float).ravel()
        bad = np.flatnonzero(~np.isfinite(flat))
        place = int(bad[0] if bad.size else flat.argmax() if largest else flat.argmin())
        label = f"{name}[{place}]" if flat.size > 1 else str(name)
        if bad.size:
            return label, float(flat[place])
        if (flat[place] > worst) if largest else (flat[place] < worst):
            worst_name, worst = label, float(flat[place])
    return worst_name, worst


def check_health(health: Mapping[str, Any], gate: Mapping[str, float], *, draws: int) -> None:
    """Refuse a sample outside the gate.

    Parameters
    ----------
    health : mapping
        From `diagnose`.
    gate : mapping
        Largest R-hat, smallest effective sample size (of a full-length run;
        shorter runs need at least a tenth of their draws), divergences, E-BFMI.
    draws : int
        Draws of all chains together.

    Raises
    ------
    UnhealthyFit
        Names the parameter, what was found and what to try.
    """
    least = min(gate["ess"], draws / 10)
    cure = "raise tune or target_accept in the specification, or look at that parameter's prior"
    checks = (
        ("R-hat", "rhat", health["rhat"] <= gate["rhat"], f"at most {gate['rhat']}"),
        (
            "bulk effective sample size",
            "ess_bulk",
            health["ess_bulk"] >= least,
            f"at least {least:g}",
        ),
        (
            "tail effective sample size",
            "ess_tail",
            health["ess_tail"] >= least,
            f"at least {least:g}",
        ),
    )
    for label, key, fine, limit in checks:
        if not fine:
            raise UnhealthyFit(
                f"the sampler did not converge: {label} of {health[key + '_at']}",
                where=str(health[key + "_at"]),
                found=f"{health[key]:.4g}, {limit} is needed",
                cure=cure,
            )
    if health["divergences"] > gate["divergences"]:
        raise UnhealthyFit(
            "the sampler diverged",
            found=f"{health['divergences']} divergent transitions",
            cure=cure,
        )
    if not health["bfmi"] >= gate["bfmi"]:
        raise UnhealthyFit(
            "the sampler explored energies badly",
            found=f"E-BFMI {health['bfmi']:.3g}, at least {gate['bfmi']} is needed",
            cure=cure,
        )


def is_healthy(health: Mapping[str, Any], gate: Mapping[str, float], *, draws: int) -> bool:
    """Tell whether a sample would pass the gate.

    Parameters
    ----------
    health : mapping
        From `diagnose`.
    gate : mapping
        Limits, as in `check_health`.
    draws : int
        Draws of all chains together.

    Returns
    -------
    bool
        Whether it would.
    """
    try:
        check_health(health, gate, draws=draws)
    except UnhealthyFit:
        return False
    return True
