"""Answers kept for all sessions together, a bounded number of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any


class Shelf:
    """Answers by question; who asks while another computes waits for that answer.

    Parameters
    ----------
    most : int
        Answers kept; the one asked for longest ago goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future] = OrderedDict()

    def get(self, question: Hashable, compute: Callable[[], Any]) -> Any:
        """Give the answer, computed once.

        Parameters
        ----------
        question : hashable
            All that the answer depends on.
        compute : callable
            Makes it.

        Returns
        -------
        object
            Shared: not to be changed. What `compute` raises is raised to all who wait, and
            not kept.
        """
        with self._lock:
            found = self._kept.get(question)
            mine = found is None
            if found is None:
                found = self._kept[question] = Future()
            self._kept.move_to_end(question)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            try:
                found.set_result(compute())
            except BaseException as error:
                with self._lock:
                    if self._kept.get(question) is found:
                        del self._kept[question]
                found.set_exception(error)
                raise
        return found.result()

    def __len__(self) -> int:
        return len(self._kept)
