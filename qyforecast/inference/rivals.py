"""The rivals: models fitted beside one another, of which the forecast is a mixture.

All share one graph; three switches, which are data, make a rival of it, so that
one compilation serves all of them.
"""

from dataclasses import dataclass

from qyforecast.errors import SpecificationError
from qyforecast.inference.priors import as_mapping, check_keys
from qyforecast.vocabulary import nearest

RIVAL_KEYS = ("levels", "changes", "own_pace", "reason")
OWN_PACES = ("pooled", "fading")


@dataclass(frozen=True)
class Rival:
    """One of the models that are fitted beside one another.

    Attributes
    ----------
    name : str
        What it is called.
    levels, changes : bool
        Whether levels of the drivers move the pace, and their changes the level.
    own_pace : str
        ``pooled``: a place's own pace is shrunk to the pace of its like, and lasts;
        ``fading``: it is taken as seen, and fades to the norm.
    reason : str
        Why it is among the rivals.
    """

    name: str
    levels: bool
    changes: bool
    own_pace: str
    reason: str

    @property
    def switches(self) -> tuple[float, float, float]:
        """Levels, changes and pooling on (1) or off (0), as the graph takes them."""
        return float(self.levels), float(self.changes), float(self.own_pace == "pooled")


def read_rivals(value: object, where: str) -> dict[str, Rival]:
    """Read the rivals of a specification.

    Parameters
    ----------
    value : object
        What the file holds: name to ``levels``, ``changes``, ``own_pace``, ``reason``.
    where : str
        File and key, for messages.

    Returns
    -------
    dict
        Name to rival, in the order of the file.

    Raises
    ------
    SpecificationError
        If a key is wrong or there is no rival.
    """
    rivals: dict[str, Rival] = {}
    for name, entry in as_mapping(value, where).items():
        place = f"{where}: {name}"
        check_keys(as_mapping(entry, place), RIVAL_KEYS, place)
        if entry["own_pace"] not in OWN_PACES:
            raise SpecificationError(
                "unknown own_pace",
                where=place,
                found=str(entry["own_pace"]),
                cure=nearest(str(entry["own_pace"]), OWN_PACES),
            )
        for key in ("levels", "changes"):
            if not isinstance(entry[key], bool):
                raise SpecificationError(
                    "true or false is needed", where=f"{place}: {key}", found=repr(entry[key])
                )
        rivals[str(name)] = Rival(
            str(name), entry["levels"], entry["changes"], entry["own_pace"], str(entry["reason"])
        )
    if not rivals:
        raise SpecificationError("at least one rival is needed", where=where)
    return rivals
