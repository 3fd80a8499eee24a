"""What a forecast is made from, as fingerprints of files."""

from typing import Any

from qyforecast.census.census import Census
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.stacking import FILE as WEIGHTS
from qyforecast.provenance import file_sha256
from qyforecast.report.card_files import RECORD
from qyforecast.report.request import Request


def input_hashes(request: Request, census: Census, spec: ModelSpec) -> dict[str, Any]:
    """Hash every file that a forecast is made from.

    Parameters
    ----------
    request : Request
        Where the files are.
    census : Census
        As read.
    spec : ModelSpec
        As read.

    Returns
    -------
    dict
        SHA-256 by part, by name where a part has several files; None where there is no file.
    """
    beside = {
        name.partition(".")[0]: request.model_file.with_name(name) for name in (WEIGHTS, RECORD)
    }
    return {
        "data": dict(census.sha256),
        "specification": spec.sha256,
        "scenarios": {
            path.name: file_sha256(path) for path in sorted(request.scenario_folder.glob("*.yaml"))
        },
        **{name: file_sha256(path) if path.is_file() else None for name, path in beside.items()},
    }
