"""Errors that say what is wrong, where, what was found, and how to mend it.

Every error raised on purpose is a `QyforecastError`. Its text is part of the
API: the command line prints it as it is and exits with code 2.
"""


class QyforecastError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    where : str, optional
        The file, row, key or labels concerned.
    found : str, optional
        What stood there.
    cure : str, optional
        What to do about it.
    """

    def __init__(self, what: str, *, where: str = "", found: str = "", cure: str = "") -> None:
        self.what, self.where, self.found, self.cure = what, where, found, cure
        parts = (("", what), ("where: ", where), ("found: ", found), ("to mend: ", cure))
        super().__init__("\n  ".join(label + text for label, text in parts if text))


class DataError(QyforecastError):
    """A data file breaks its own description or an identity."""


class RateError(QyforecastError):
    """A demographic rate or schedule is outside its range or mislabelled."""


class UnbalancedAccount(QyforecastError):
    """A flow is larger than the stock it leaves, or an account does not close."""


class SpecificationError(QyforecastError):
    """A model specification does not say what it must."""


class UnhealthyFit(QyforecastError):
    """The sampler did not converge; the fit is not forecast from."""


class StalePosterior(QyforecastError):
    """A saved posterior was fitted to another specification or panel."""


class ScenarioError(QyforecastError):
    """A scenario or target file does not say what it must."""


class OutputError(QyforecastError):
    """Results cannot be written or read."""


class OutOfReach(QyforecastError):
    """A probability that no strength within the bounds reaches.

    Attributes
    ----------
    best : float
        The best probability that can be reached. [1]
    strength : float
        Where it is reached, as a multiple of the stated effect.
    """

    best: float = 0.0
    strength: float = 0.0
