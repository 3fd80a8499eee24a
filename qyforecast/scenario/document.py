"""A file as blocks of keys that know their line: every complaint can name it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from qyforecast.documents import Node
from qyforecast.errors import ScenarioError
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Block:
    """Keys and values of one level of a file.

    Attributes
    ----------
    file : str
        Name of the file.
    path : str
        Keys that lead here, joined by dots.
    line : int
        Where the block begins.
    entries : mapping of str to Node
        What it holds.
    """

    file: str
    path: str
    line: int
    entries: Mapping[str, Node]

    def error(self, what: str, key: str = "", *, found: str = "", cure: str = "") -> ScenarioError:
        """Make an error that names file, line and key.

        Parameters
        ----------
        what : str
            As in `QyforecastError`.
        key : str
            Key of this block; empty for the block itself.
        found, cure : str
            As in `QyforecastError`.

        Returns
        -------
        ScenarioError
            To be raised.
        """
        line = self.entries[key].line if key in self.entries else self.line
        path = ".".join(part for part in (self.path, key) if part)
        where = f"{self.file}, line {line}" + (f", key {path}" if path else "")
        return ScenarioError(what, where=where, found=found, cure=cure)

    @contextmanager
    def located(self, key: str = "") -> Iterator[None]:
        """Add file, line and key to a `ScenarioError` raised inside.

        Parameters
        ----------
        key : str
            Key of this block; empty for the block itself.

        Yields
        ------
        None
            Nothing.
        """
        try:
            yield
        except ScenarioError as error:
            if error.where.startswith(self.file):
                raise
            found = ", ".join(part for part in (error.where, error.found) if part)
            raise self.error(error.what, key, found=found, cure=error.cure) from error

    def only(self, known: Sequence[str]) -> None:
        """Refuse keys that mean nothing here.

        Parameters
        ----------
        known : sequence of str
            Keys that may stand here.
        """
        for key in self.entries:
            if key not in known:
                raise self.error("an unknown key", key, found=key, cure=nearest(key, known))

    def node(self, key: str) -> Node:
        """Find what a key holds, and refuse a block without it.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        Node
            What stands there.
        """
        if key not in self.entries:
            raise self.error("a key is missing", key, cure=f"add '{key}:' here")
        return self.entries[key]

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        """Read words.

        Parameters
        ----------
        key : str
            Key of this block.
        choices : sequence of str
            What may be written; empty for anything.

        Returns
        -------
        str
            Not empty.
        """
        node = self.node(key)
        if not isinstance(node.value, str) or not node.value.strip():
            raise self.error("words are wanted", key, found=node.described, cure="quote it")
        if choices and node.value not in choices:
            raise self.error(
                "an unknown word", key, found=node.value, cure=nearest(node.value, choices)
            )
        return node.value.strip()

    def number(self, key: str) -> float:
        """Read a number.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        float
            Finite.
        """
        node = self.node(key)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.error(
                "a number is wanted", key, found=node.described, cure="write digits, like 0.05"
            )
        return float(node.value)

    def year(self, key: str, *, after: int) -> int:
        """Read a year.

        Parameters
        ----------
        key : str
            Key of this block.
        after : int
            The year must be later than this.

        Returns
        -------
        int
            No later than 2200.
        """
        year = self.count(key)
        if not after < year <= 2200:
            raise self.error(
                f"a year later than {after} is wanted",
                key,
                found=str(year),
                cure=f"the future begins in {after + 1}",
            )
        return year

    def count(self, key: str) -> int:
        """Read a whole number.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        int
            Zero or more.
        """
        node = self.node(key)
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            raise self.error(
                "a whole number is wanted", key, found=node.described, cure="write digits, like 5"
            )
        return node.value

    def block(self, key: str) -> "Block":
        """Read keys inside a key.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        Block
            The level below.
        """
        return self._below(key, key, self.node(key))

    def blocks(self, key: str) -> tuple["Block", ...]:
        """Read a list of blocks.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        tuple of Block
            In the order of the file; may be empty.
        """
        return tuple(
            self._below(key, f"{key}[{i}]", node) for i, node in enumerate(self.nodes(key), 1)
        )

    def nodes(self, key: str) -> tuple[Node, ...]:
        """Read a list.

        Parameters
        ----------
        key : str
            Key of this block.

        Returns
        -------
        tuple of Node
            In the order of the file; may be empty.
        """
        node = self.node(key)
        if not isinstance(node.value, tuple):
            raise self.error("a list is wanted", key, found=node.described, cure="write [] or - …")
        return node.value

    def _below(self, key: str, step: str, node: Node) -> "Block":
        if not isinstance(node.value, dict):
            raise self.error("keys are wanted", key, found=node.described, cure="write key: value")
        path = ".".join(part for part in (self.path, step) if part)
        return Block(self.file, path, node.line, node.value)
