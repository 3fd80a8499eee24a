"""What a fit learned, and to what it was fitted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.errors import OutputError, StalePosterior
from qyforecast.filing import whole_file
from qyforecast.inference.derived import respond
from qyforecast.inference.design import Design
from qyforecast.inference.posterior_checks import (
    BROKEN,
    check_content,
    check_layout,
    content_sha256,
)
from qyforecast.inference.recursion import complete
from qyforecast.inference.spec import ModelSpec
from qyforecast.provenance import file_sha256, fingerprint

#: Modules that decide what a posterior means.
MODEL_CODE = ("scale", "design", "readings", "recursion", "rivals", "derived", "graph")


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters, with the fingerprints of specification and panel.

    Attributes
    ----------
    draws : Dataset
        Parameters, ``(chain, draw, ...)``.
    specification, panel : str
        Fingerprints of what was fitted.
    as_of : int
        Year of knowledge of the panel.
    health : mapping
        Worst R-hat, smallest effective sample sizes, divergences, energy.
    seed : int
        Seed of the sampler.
    rival : str
        Which of the specification's rivals was fitted.
    """

    draws: xr.Dataset
    specification: str
    panel: str
    as_of: int
    health: Mapping[str, Any]
    seed: int
    rival: str

    @property
    def size(self) -> int:
        """Number of draws, all chains together."""
        return int(self.draws.sizes["chain"] * self.draws.sizes["draw"])

    def column(self, name: str) -> np.ndarray:
        """Return a parameter with one row per draw, chain after chain.

        Parameters
        ----------
        name : str
            Parameter.

        Returns
        -------
        ndarray
            ``(D, n)``; a scalar parameter is ``(D, 1)``.

        Raises
        ------
        OutputError
            If there is no such parameter.
        """
        if name not in self.draws:
            raise OutputError("a posterior lacks a parameter", found=f"no {name}", cure="fit again")
        values = self.draws[name].transpose("chain", "draw", ...).values
        return values.reshape(self.size, -1)

    def values(self, spec: ModelSpec, design: Design) -> dict[str, np.ndarray]:
        """Return every parameter, and what follows from them, as the recursion takes them.

        Parameters
        ----------
        spec : ModelSpec
            Names the drivers and the rivals.
        design : Design
            What was fitted to.

        Returns
        -------
        dict
            Name to ``(D, n)``; ``province_response``, ``county_response`` and
            ``change_response`` have one column per driver, employment first;
            ``response_z`` is ``(D, P, sectors)``.
        """
        theta = {str(name): self.column(str(name)) for name in self.draws.data_vars}
        return complete(respond(theta, spec, spec.rival(self.rival)), design.arrays())

    def save(self, path: Path) -> None:
        """Write to NetCDF, whole or not at all.

        Parameters
        ----------
        path : Path
            File to write.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        attributes = {
            "specification": self.specification,
            "panel": self.panel,
            "as_of": self.as_of,
            "health": json.dumps(dict(self.health)),
            "seed": self.seed,
            "rival": self.rival,
            "code": code_fingerprint(),
            "content": content_sha256(self.draws),
        }
        # Packed in memory first: on a full disk HDF5's library ends the process, Python does not.
        packed = self.draws.assign_attrs(attributes).to_netcdf(engine="h5netcdf")
        with whole_file(path) as part:
            part.write_bytes(packed)


def code_fingerprint() -> str:
    """Hash the code that makes a panel into a likelihood.

    Returns
    -------
    str
        Changes when any module of the model does.
    """
    folder = Path(__file__).parent
    return fingerprint({name: file_sha256(folder / f"{name}.py") for name in MODEL_CODE})


def load_posterior(path: Path, spec: ModelSpec, panel: Panel) -> Posterior:
    """Read a saved posterior, refusing one fitted to something else.

    Parameters
    ----------
    path : Path
        NetCDF file written by `Posterior.save`.
    spec : ModelSpec
        The specification it must have been fitted with.
    panel : Panel
        The panel it must have been fitted to.

    Returns
    -------
    Posterior
        The posterior.

    Raises
    ------
    OutputError
        If there is no such file or it is not a posterior.
    StalePosterior
        If the fingerprints differ; says which.
    """
    try:
        with xr.open_dataset(path, engine="h5netcdf") as data:
            check_layout(data)
            draws = data.load()
        attributes = draws.attrs
        check_content(draws)
        code = str(attributes["code"])
        posterior = Posterior(
            draws=draws.assign_attrs({}),
            specification=str(attributes["specification"]),
            panel=str(attributes["panel"]),
            as_of=int(attributes["as_of"]),
            health=json.loads(attributes["health"]),
            seed=int(attributes["seed"]),
            rival=str(attributes["rival"]),
        )
    except BROKEN as error:
        raise OutputError(
            "this is not a saved posterior",
            where=str(path),
            found=str(error),
            cure="fit again: qyforecast forecast",
        ) from error
    for what, found, wanted in (
        ("specification", posterior.specification, spec.sha256),
        ("panel", posterior.panel, panel.fingerprint),
        ("version of the model's code", code, code_fingerprint()),
    ):
        if found != wanted:
            raise StalePosterior(
                f"the posterior was fitted to another {what}",
                where=str(path),
                found=f"{found[:16]}, now {wanted[:16]}",
                cure="fit again: run qyforecast forecast without --no-fit",
            )
    return posterior
