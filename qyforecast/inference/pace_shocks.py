"""Shocks of regions: some shared by all, regions of unlike size, years of unlike kind."""

import numpy as np
from scipy.special import gammaln

#: How alike regions' variances may be: degrees of freedom about the common one.
ALIKE = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 40.0])
#: Fewest regions whose shared shocks can be told from their own.
FEWEST = 4

Common = tuple[float, float]


def draw_variances(
    squares: np.ndarray,
    counts: np.ndarray,
    common: Common,
    usual: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Common]:
    """Draw every region's variance, partially pooled.

    A variance is scaled inverse chi-squared about a common one, with as many degrees of
    freedom as regions are found alike.

    Parameters
    ----------
    squares, counts : ndarray
        Sum of a region's squared deviations, and their number, ``(P,)``.
    common : tuple of float
        Common variance and degrees of freedom of the last draw.
    usual : float
        Deviation that is usual before any is seen; counts as one observation.
    rng : Generator
        Source of randomness.

    Returns
    -------
    tuple
        Variances ``(P,)``, and the common variance and degrees of freedom drawn anew.

    References
    ----------
    Gelman et al. (2013), *Bayesian Data Analysis*, section 5.4 and appendix A.
    """
    variance, alike = common
    own = (alike * variance + squares) / rng.chisquare(alike + counts)
    inverse = (1 / own).sum()
    shape, rate = (1 + alike * len(own)) / 2, (1 / usual**2 + alike * inverse) / 2
    variance = rng.gamma(shape, 1 / rate)
    half = ALIKE / 2
    logs = len(own) * (half * np.log(half * variance) - gammaln(half))
    logs -= half * (variance * inverse + np.log(own).sum())
    odds = np.exp(logs - logs.max())
    return own, (variance, float(rng.choice(ALIKE, p=odds / odds.sum())))


class Shocks:
    """Shocks and their sizes, drawn anew in each sweep of the sampler.

    Parameters
    ----------
    moving : ndarray
        Whether a region has a shock in a year, ``(P, T)``.
    usual, shared : float
        Usual size of own and of shared shocks before any is seen.
    kinds : ndarray
        Scales of the kinds of years over the region's own.
    rng : Generator
        Source of randomness.
    """

    def __init__(
        self,
        moving: np.ndarray,
        usual: float,
        shared: float,
        kinds: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        self.moving, self.kinds, self.rng = moving, kinds, rng
        self.usual, self.usual_shared = usual, shared
        places, years = moving.shape
        self.own, self.common = np.full(places, usual**2), (usual**2, 2.0)
        self.kind, self.odds = np.zeros(moving.shape, int), np.full(len(kinds), 1 / len(kinds))
        pooled = places >= FEWEST
        self.shared, self.shared_variance = np.zeros(years), shared**2 if pooled else 0.0

    @property
    def variance(self) -> np.ndarray:
        """Variance of a region's own shock in each year, ``(P, T)``."""
        return self.own[:, None] * self.kinds[self.kind] ** 2

    def renew(self, total: np.ndarray) -> None:
        """Draw shared shocks, kinds of years and sizes, given shocks and what else was.

        Parameters
        ----------
        total : ndarray
            Shared and own shocks together, ``(P, T)``. [log odds / year]
        """
        rng = self.rng
        if self.shared_variance:
            weight = self.moving / self.variance
            heard = weight.sum(axis=0) + 1 / self.shared_variance
            mean = (weight * total).sum(axis=0) / heard
            self.shared = mean + rng.normal(size=len(heard)) / np.sqrt(heard)
            squares = self.usual_shared**2 + (self.shared**2).sum()
            self.shared_variance = squares / rng.chisquare(1 + len(self.shared))
        own = (total - self.shared) * self.moving
        self._draw_kinds(own)
        squares = (own**2 / self.kinds[self.kind] ** 2).sum(axis=1)
        counts = self.moving.sum(axis=1)
        self.own, self.common = draw_variances(squares, counts, self.common, self.usual, rng)

    def _draw_kinds(self, own: np.ndarray) -> None:
        if len(self.kinds) == 1:
            return
        scaled = (own**2 / self.own[:, None])[..., None] / self.kinds**2
        logs = np.log(self.odds / self.kinds) - 0.5 * scaled
        heap = np.exp(logs - logs.max(axis=2, keepdims=True)).cumsum(axis=2)
        pick = self.rng.random(own.shape) * heap[..., -1]
        self.kind = (pick[..., None] > heap).sum(axis=2)
        seen = np.bincount(self.kind[self.moving], minlength=len(self.kinds))
        self.odds = self.rng.dirichlet(1.0 + seen)

    def ahead(self) -> np.ndarray:
        """Draw the shocks of a year to come.

        Returns
        -------
        ndarray
            ``(P,)``. [log odds / year]
        """
        count = len(self.own)
        kind = self.kinds[self.rng.choice(len(self.kinds), p=self.odds, size=count)]
        own = np.sqrt(self.own) * kind * self.rng.normal(size=count)
        return own + np.sqrt(self.shared_variance) * self.rng.normal()
