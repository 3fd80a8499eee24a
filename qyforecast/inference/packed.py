"""What a vintage or a rival changes, laid out in one vector.

Compiled code fetches each array of data by a copy of all of them: with thirty arrays
that alone took most of a small model's compilation, with one vector nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qyforecast.inference.derived import sector_axes
from qyforecast.inference.design import Design
from qyforecast.inference.spec import ModelSpec

Tensor = Any

#: Arrays of the design that no vintage changes: places in lists.
CONSTANT = ("county_province", "county_prefecture", "own", "decade")
#: Arrays that only the draws of a path read.
UNHEARD = ("reading_level", "reading_city")
#: Arrays that the provinces' likelihood reads.
OF_PROVINCES = (
    *("change", "lag", "nation", "unheard", "drivers", "driver_changes"),
    *("valid", "linked", "breaks", "early"),
)


def heard_arrays(
    spec: ModelSpec,
    design: Design,
    switches: tuple[float, float, float] = (1.0, 1.0, 1.0),
    *,
    counties: bool = True,
) -> dict[str, np.ndarray]:
    """Choose the arrays that the likelihood hears and a vintage or a rival changes.

    Parameters
    ----------
    spec : ModelSpec
        Its drivers.
    design : Design
        The data.
    switches : tuple of float
        Of a rival: levels, changes, own pace pooled.
    counties : bool
        Whether counties and readings are heard.

    Returns
    -------
    dict
        Name to array: of the design, ``axes_`` of each response, ``switches``.
    """
    unread = (*CONSTANT, *UNHEARD)
    arrays = {
        name: values
        for name, values in design.arrays().items()
        if name not in unread and (counties or name in OF_PROVINCES)
    }
    arrays |= {f"axes_{name}": axes for name, axes in sector_axes(spec, design).items()}
    return arrays | {"switches": np.array(switches)}


def pack(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Lay arrays out one behind the other.

    Parameters
    ----------
    arrays : mapping
        Name to array.

    Returns
    -------
    ndarray
        One vector of floating point numbers; places in lists are whole numbers still.
    """
    return np.concatenate([np.ravel(values).astype(float) for values in arrays.values()])


def unpack(packed: Tensor, arrays: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """Cut a packed vector into arrays again.

    Parameters
    ----------
    packed : tensor or ndarray
        From `pack`, of arrays of the same names and shapes.
    arrays : mapping
        Give names, shapes and which are whole numbers.

    Returns
    -------
    dict
        Name to tensor or ndarray.
    """
    cut, first = {}, 0
    for name, values in arrays.items():
        last = first + values.size
        piece = packed[first:last].reshape(values.shape)
        cut[name] = piece.astype("int64") if values.dtype.kind == "i" else piece
        first = last
    return cut
