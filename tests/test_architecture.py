"""The shape of the house: storeys, sizes, names. The storeys are those of pyproject.toml."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "qyforecast"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

MOST_LINES_OF_MODULE = 300
MOST_LINES_OF_FUNCTION = 40
MOST_PARAMETERS = 6
#: Their functions are commands.
COMMANDS = (
    "qyforecast.cli",
    "qyforecast.country_commands",
    "qyforecast.dashboard_commands",
    "qyforecast.decisions",
    "qyforecast.model_commands",
    "qyforecast.monitor_commands",
    "qyforecast.upkeep_commands",
)
EMPTY_NAMES = {"util", "helper", "core", "base", "manager", "common", "misc"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def storeys() -> dict[str, tuple[int, int]]:
    """Read from the import contract which storey each part is on, counted from the top.

    Returns
    -------
    dict
        Part to (storey, room): rooms of one storey differ and ignore one another.
    """
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (layers,) = [contract for contract in contracts if contract["id"] == "layers"]
    assert layers["exhaustive"], "a module placed nowhere must be an error"
    return {
        part.strip(" ()"): (height, room)
        for height, row in enumerate(layers["layers"])
        for room, part in enumerate(row.split("|"))
    }


STOREYS = storeys()


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List every module imported anywhere in a module: in functions and by name too.

    Parameters
    ----------
    tree : ast.AST
        The parsed module.

    Yields
    ------
    tuple of int and str
        Line and imported name.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            values = [word.value for word in node.args if isinstance(word, ast.Constant)]
            yield from ((node.lineno, str(value)) for value in values)


def steps_up(module: str, tree: ast.AST) -> list[str]:
    """List the imports of a module that do not go down.

    Parameters
    ----------
    module : str
        Dotted name, ``qyforecast.part…``.
    tree : ast.AST
        The parsed module.

    Returns
    -------
    list of str
        One sentence for each.
    """
    own = module.split(".")[1]
    found = []
    for line, name in imported(tree):
        parts = name.split(".")
        if parts[0] != "qyforecast" or len(parts) < 2 or parts[1] == own:
            continue
        # A name that is no part comes from qyforecast/__init__, which stands above everything.
        if STOREYS.get(parts[1], (-1, 0))[0] <= STOREYS[own][0]:
            found.append(f"{module}:{line} imports {name}, which is not below it")
    return found


def functions(tree: ast.AST) -> Iterator[Function]:
    """List the functions and methods of a module.

    Parameters
    ----------
    tree : ast.AST
        The parsed module.

    Yields
    ------
    ast.FunctionDef
        Nested ones too.
    """
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Count the lines of a function without its decorators, signature and docstring.

    Parameters
    ----------
    function : ast.FunctionDef
        The function.

    Returns
    -------
    int
        Lines from the first statement to the last.
    """
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def files_of_the_project() -> list[Path]:
    """List the files that are, or are about to be, under version control.

    Returns
    -------
    list of Path
        Text files other than tables of data.
    """
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_imports_go_down_in_functions_too() -> None:
    found = [
        sentence
        for module, tree in TREES.items()
        if module != "qyforecast"
        for sentence in steps_up(module, tree)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("qyforecast.errors", "def f():\n    from qyforecast.census import Census"),
        ("qyforecast.projection.step", "import qyforecast.scenario.lever"),
        ("qyforecast.demography.rates", "def f():\n    import_module('qyforecast.report')"),
        ("qyforecast.decide.targets", "from qyforecast import forecast"),
        ("qyforecast.decide.targets", "from qyforecast import Census"),
    ],
)
def test_a_step_up_is_seen(module: str, code: str) -> None:
    assert len(steps_up(module, ast.parse(code))) == 1


def test_modules_are_rooms_not_halls() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES.values()}
    found = [
        f"{path.relative_to(ROOT)}: {count} lines, at most {MOST_LINES_OF_MODULE}"
        for path, count in lines.items()
        if count > MOST_LINES_OF_MODULE
    ]
    assert not found, "\n".join(found)


def test_functions_are_short() -> None:
    found = [
        f"{module}:{function.lineno} {function.name}: {length(function)} lines"
        for module, tree in TREES.items()
        for function in functions(tree)
        if length(function) > MOST_LINES_OF_FUNCTION
    ]
    assert not found, f"more than {MOST_LINES_OF_FUNCTION} lines:\n" + "\n".join(found)


def test_functions_take_few_parameters_and_pass_none_through() -> None:
    found = []
    for module, tree in TREES.items():
        for function in functions(tree):
            given = function.args
            names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            count = len([name for name in names if name not in ("self", "cls")])
            # The command line's parameters are its options; typer reads them off the signature.
            if count > MOST_PARAMETERS and module not in COMMANDS:
                found.append(f"{module}:{function.lineno} {function.name}: {count} parameters")
            if given.kwarg:
                found.append(f"{module}:{function.lineno} {function.name}: **{given.kwarg.arg}")
    assert not found, "\n".join(found)


def test_names_of_modules_say_what_is_in_them() -> None:
    found = [
        module
        for module in MODULES
        if {word.rstrip("s") for part in module.split(".") for word in part.split("_")}
        & EMPTY_NAMES
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    # Spelt so that this file does not match itself.
    host = re.compile(r"p[y]pi\.org|p[y]thonhosted|registry\.n[p]mjs|deb\.d[e]bian")
    path = re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm|root|tmp|home|Users)/", re.MULTILINE)
    found = []
    for file in files_of_the_project():
        text = file.read_bytes().decode("utf-8", errors="ignore")
        binary = "\0" in text[:8000]
        patterns = () if binary else (host,) if file.suffix == ".csv" else (host, path)
        for pattern in patterns:
            for hit in pattern.finditer(text):
                line = text.count("\n", 0, hit.start()) + 1
                found.append(f"{file.relative_to(ROOT)}:{line}: {hit.group().strip()}")
    assert not found, "\n".join(found)


def test_no_lock_file_is_kept() -> None:
    """A lock file names registry hosts; the bounds are in pyproject.toml."""
    kept = [file.name for file in files_of_the_project() if file.name.endswith(".lock")]
    assert not kept


def test_the_package_is_about_no_one_city() -> None:
    """What is true of a city stands in data, scenarios and models; its code serves the next."""
    city = re.compile(r"Qingyang|Gansu|Xifeng|庆阳|甘肃|西峰|\b62\d{4}\b", re.IGNORECASE)
    assert city.search("codes 621002")
    sources = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    # What the shipped scenarios, measures and sources are called in two languages.
    for words in ("names", "source_texts"):
        del sources[f"qyforecast.report.{words}"]
    assert [name for name, text in sources.items() if city.search(text)] == []
