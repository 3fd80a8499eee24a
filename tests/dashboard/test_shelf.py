"""Answers are computed once, bounded, and a failure is not kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from qyforecast.dashboard.shelf import Shelf


def test_who_asks_the_same_at_once_waits_for_one_answer():
    shelf, begun, go, made = Shelf(3), Event(), Event(), []

    def compute():
        made.append(1)
        begun.set()
        assert go.wait(10)
        return object()

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(shelf.get, "question", compute)
        assert begun.wait(10)
        others = [pool.submit(shelf.get, "question", compute) for _ in range(2)]
        go.set()
        answers = {id(one.result(10)) for one in (first, *others)}
    assert len(answers) == len(made) == 1


def test_the_one_asked_for_longest_ago_goes_first():
    shelf, made = Shelf(2), []

    def ask(question):
        return shelf.get(question, lambda: made.append(question))

    for question in ("a", "b", "a", "c", "a", "b"):
        ask(question)
    assert made == ["a", "b", "c", "b"]
    assert len(shelf) == 2


def test_a_failure_is_told_and_asked_again():
    shelf = Shelf(2)
    with pytest.raises(ZeroDivisionError):
        shelf.get("question", lambda: 1 / 0)
    assert shelf.get("question", lambda: 7) == 7
