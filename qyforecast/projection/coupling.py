"""Moves between village and town, and the urban share that they must carry.

Plain arrays by draw and region; the readable twin of what `step` computes.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Moves:
    """How many move in a step, each ``(draw, region)``. [person]

    Attributes
    ----------
    forward : ndarray
        From village to town, with the ages of movers.
    back : ndarray
        From town to village, with the ages of those who return.
    family : ndarray
        Family members who come with movers; negative: who go back.
    """

    forward: np.ndarray
    back: np.ndarray
    family: np.ndarray


def carry_share(
    urban: np.ndarray, rural: np.ndarray, share: np.ndarray, back: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the movers that carry each region to its urban share.

    The net movement is exact and linear, ``T = u P - U``. Movers are ``T`` and as many
    as go back; where that is negative nobody moves to town and ``-T`` go back.

    Parameters
    ----------
    urban, rural : ndarray
        Residents before they move. [person]
    share : ndarray
        Urban share at the end. [1]
    back : ndarray
        Those who would go back at the usual rate. [person]

    Returns
    -------
    tuple of ndarray
        Movers to town, movers to the village. [person]
    """
    net = share * (urban + rural) - urban
    forward = net + back
    return np.where(forward < 0, 0.0, forward), np.where(forward < 0, -net, back)


def intervene(
    forward: np.ndarray,
    back: np.ndarray,
    retained: np.ndarray,
    followers: np.ndarray,
    extra: np.ndarray,
) -> Moves:
    """Change the movers of a step by what is done about people.

    Parameters
    ----------
    forward, back : ndarray
        Movers to town and to the village. [person]
    retained : ndarray
        Share of those going back who stay. [1]
    followers : ndarray
        Family members for each mover to town. [1]
    extra : ndarray
        Movers added; where fewer than none would move, they go back. [person]

    Returns
    -------
    Moves
        Movers after that. With zeros the movers are the same to the last bit.
    """
    more = forward + extra
    turned = np.where(more < 0, -more, 0.0)
    return Moves(
        np.where(more < 0, 0.0, more), (1.0 - retained) * back + turned, followers * forward
    )


def shifted(share: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Shift urban shares on the log-odds scale.

    Parameters
    ----------
    share : ndarray
        Urban share of the path. [1]
    offset : ndarray
        Difference of log odds made by earlier interventions.

    Returns
    -------
    ndarray
        Urban share aimed at; `share` itself, to the last bit, where the offset is zero.
    """
    with np.errstate(over="ignore"):
        moved = 1 / (1 + (1 - share) / share * np.exp(-offset))
    return np.where(offset == 0, share, moved)


def log_odds_offset(urban: np.ndarray, rural: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Measure how far interventions have carried regions from their paths.

    Parameters
    ----------
    urban, rural : ndarray
        Residents at the end of the step. [person]
    share : ndarray
        Urban share of the path. [1]

    Returns
    -------
    ndarray
        Log odds reached less log odds of the path; infinite where all are urban (or
        rural), zero where nobody lives.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.log(urban / rural * ((1 - share) / share))
    return np.where(urban + rural > 0, offset, 0.0)
