"""Compiled models kept on disk, so that the next process finds them.

PyTensor keeps the compiled density of a model per user; nutpie's callback around it is
compiled anew in every process, since its key holds names made at random, names of
temporary files and sets in the order of the day's hashes. Here the key is freed of these.
"""

import hashlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import numba.core.ccallback
import nutpie
import pymc as pm
from numba.core.caching import FunctionCache
from numba.core.serialize import dumps

#: What changes from process to process though the program is the same.
_CHANCE = re.compile(
    rb"(?P<set>\x8f\x94\([^\x90]{1,120}?\x90)"
    rb"|(?P<file>[^\x00-\x1f\x80-\xff]*[/\\]tmp[a-z0-9_]{8})"
    rb"|(?P<name>[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})",
    re.DOTALL,
)
_PACKAGES = ("nutpie", "numba", "pymc", "pytensor")


def compile_model(graph: pm.Model) -> Any:
    """Compile a model for nutpie, or load what was compiled before.

    Parameters
    ----------
    graph : pymc.Model
        The model.

    Returns
    -------
    CompiledPyMCModel
        Ready to be sampled.
    """
    shapes = [(v.name, v.get_value().shape, str(v.dtype)) for v in graph.data_vars]
    with warnings.catch_warnings(), _steady_keys(repr(shapes)):
        warnings.simplefilter("ignore")  # numba and pytensor talk while compiling
        return nutpie.compile_pymc_model(graph, cache=True)


def without_chance(pickled: bytes) -> bytes:
    """Free a pickled function of what chance put into it.

    Parameters
    ----------
    pickled : bytes
        As numba pickles what a function closes over.

    Returns
    -------
    bytes
        Sets and temporary files left out, random names numbered as they come. What is
        missed here changes the key, and costs a compilation, never a wrong program.
    """
    names: dict[bytes, bytes] = {}

    def steady(found: re.Match[bytes]) -> bytes:
        if found.lastgroup != "name":
            return (found.lastgroup or "").encode()
        return names.setdefault(found.group(), b"name %d" % len(names))

    return _CHANCE.sub(steady, pickled)


class _SteadyCache(FunctionCache):
    """numba's cache of a function, its key the same in every process."""

    #: Shapes of the model's data, which are compiled in and which the function does not name.
    shapes = ""

    def _index_key(self, sig: Any, codegen: Any) -> tuple:
        function: Any = self._py_func
        cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
        content = without_chance(dumps(cells)) + function.__code__.co_code
        versions = tuple(version(name) for name in _PACKAGES)
        return (
            sig,
            codegen.magic_tuple(),
            (hashlib.sha256(content).hexdigest(), self.shapes, versions),
        )


@contextmanager
def _steady_keys(shapes: str) -> Iterator[None]:
    module: Any = numba.core.ccallback
    usual = module.FunctionCache
    module.FunctionCache = type("_Cache", (_SteadyCache,), {"shapes": shapes})
    try:
        yield
    finally:
        module.FunctionCache = usual
