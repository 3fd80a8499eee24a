"""The models there are, their records, and compiling one ahead of its use."""

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError, StalePosterior
from qyforecast.forecast import newest
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import FILE, read_weights
from qyforecast.provenance import shipped_folder
from qyforecast.report.card import CARD
from qyforecast.report.card_files import (
    CALIBRATION,
    RECORD,
    frame_table,
    table_beside,
    write_beside,
)
from qyforecast.report.card_records import calibration_shown
from qyforecast.report.overview import TextTable
from qyforecast.report.request import Request
from qyforecast.vocabulary import nearest

SPECIFICATION = "spec.yaml"


def find_model(name: str, folder: Path | None = None) -> Path:
    """Find a model's specification by its name or its file.

    Parameters
    ----------
    name : str
        Name of a folder of models, or a path of a file.
    folder : Path, optional
        Folder of models; the shipped one by default.

    Returns
    -------
    Path
        The specification.

    Raises
    ------
    SpecificationError
        If there is none; the nearest name is offered.
    """
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    known = {path.parent.name: path for path in _specifications(folder)}
    if name not in known:
        raise SpecificationError(
            "there is no such model", found=name, cure=nearest(name, tuple(known))
        )
    return known[name]


def model_table(folder: Path | None = None) -> TextTable:
    """List the models.

    Parameters
    ----------
    folder : Path, optional
        Folder of models; the shipped one by default.

    Returns
    -------
    TextTable
        Name, version, rivals, newest weights, whether there is a card.
    """
    rows = []
    for path in _specifications(folder):
        spec = read_spec(path)
        card = "yes" if path.with_name(CARD).exists() else "no"
        rows.append(
            (spec.name, str(spec.version), ", ".join(spec.rivals), _newest(path, spec), card)
        )
    return TextTable("Models", ("name", "version", "rivals", "weights", "card"), tuple(rows), ())


def _newest(path: Path, spec: ModelSpec) -> str:
    if not path.with_name(FILE).exists():
        return f"none: {spec.full} alone"
    try:
        weights = read_weights(path, spec)
    except StalePosterior:
        return "of another specification"
    year = max(weights.by_year)
    spoken = ", ".join(f"{name} {weight:.2f}" for name, weight in weights.as_of(year).items())
    return f"{spoken} ({year})" if year else spoken


def record_table(folder: Path | None = None) -> TextTable:
    """Lay the records of all models on past origins side by side.

    Parameters
    ----------
    folder : Path, optional
        Folder of models; the shipped one by default.

    Returns
    -------
    TextTable
        A row for model, rival and horizon, the rivals of a horizon by their CRPS.

    Raises
    ------
    SpecificationError
        If no model has a record.
    """
    found = []
    for path in _specifications(folder):
        record = table_beside(path, RECORD)
        if record is not None:
            record.insert(0, "model", path.parent.name)
            found.append(record)
    if not found:
        raise SpecificationError(
            "no model has a record of past origins",
            where=str(folder or shipped_folder("models")),
            cure="make one with qyforecast backtest",
        )
    whole = pd.concat(found, ignore_index=True)
    keys = [key for key in ("horizon", "crps", "mae") if key in whole]
    note = "Fitted again at each origin on what was known; lower is better, coverage as named."
    return frame_table("Record on past origins", whole.sort_values(keys), (note,))


def warm_up(request: Request, say: Callable[[str], None]) -> float:
    """Compile a model into the caches of the user.

    Parameters
    ----------
    request : Request
        Census folder and specification.
    say : callable
        Told what is being done.

    Returns
    -------
    float
        How long it took. [second]
    """
    start = time.perf_counter()
    say("reading the census")
    census = read_census(request.data)
    panel = Panel.from_census(census, as_of=census.years[-1] + 1)
    say("compiling the urbanization model")
    # Sampling libraries take seconds to import.
    from qyforecast.inference.fit import Fitter  # noqa: PLC0415

    Fitter(read_spec(request.model_file), panel)
    return time.perf_counter() - start


def calibrate_model(
    request: Request, worlds: int, say: Callable[[str], None]
) -> tuple[TextTable, Path]:
    """Calibrate a model by simulation and write the table beside it, for its card.

    Parameters
    ----------
    request : Request
        Census folder, specification and seed.
    worlds : int
        Number of worlds drawn from the prior and fitted.
    say : callable
        Told what is done next.

    Returns
    -------
    tuple of TextTable and Path
        What is printed, and the file.

    Raises
    ------
    QyforecastError
        If a file is wrong or the table cannot be written.
    """
    say("reading the census")
    census, spec = read_census(request.data), read_spec(request.model_file)
    panel = Panel.from_census(census, as_of=newest(census))
    # Sampling libraries take seconds to import.
    from qyforecast.inference.calibration import calibrate  # noqa: PLC0415

    table = calibrate(spec, panel, worlds, seed=request.seed, say=say)
    written = write_beside(request.model_file, CALIBRATION, table)
    return calibration_shown(table, spec), written


def _specifications(folder: Path | None) -> list[Path]:
    return sorted((folder or shipped_folder("models")).glob(f"*/{SPECIFICATION}"))
