"""Files spoilt at random, the same way for the same seed."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import yaml

#: What people, spreadsheets and attackers put where something else belongs.
TOKENS = (
    *(b"", b"NaN", b"-1", b"1e400", b"0.5", b"1e-320", b"=1+1", b"@x", b"true", b"null", b"0x1F"),
    *(b"\x00", b"\xff\xfe", b"\r", b"\n\n", b'"', b"'", b",", b",,,,", b";", b":", b"\t", b"#"),
    *("万".encode(), "２０２０".encode(), "\u202e".encode(), b"\xed\xa0\x80", b"9" * 5000),
    *(b"[", b"{", b"[" * 3000, b"&a", b"*a", b"<<: *a", b"? [a]", b"- - - - - - - - - - - x"),
    *(b"!!python/object/apply:os.system ['x']", b"!include other.yaml", b"2020-13-45"),
    *(b"../../secret", b"/etc/passwd", b"\\d{6}", b"(a+)+$", b"inf", b"-0", b"1_000", b"1:30"),
)
#: Values of another kind than any key should hold.
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**400, 1.5, float("nan"), float("inf"), "", "x", "=1+1", "\x00"),
    *([], [[]], [1, "x", None], {}, {"x": 1}, "../x", "a" * 10_000, "(a+)+$", 2**63),
)
_NUMBER = re.compile(rb"-?\d+(\.\d+)?")
_WORD = re.compile(rb"[A-Za-z_]{3,}")


def spoil(raw: bytes, rng: Random) -> bytes:
    """Change the bytes of a file in one to three places."""
    for _ in range(rng.randint(1, 3)):
        raw = rng.choice(_WAYS)(raw, rng)
    return raw


def spoil_json(raw: bytes, rng: Random) -> bytes:
    """Change a value of a JSON document, or its bytes."""
    if rng.random() < 0.4:
        return spoil(raw, rng)
    return json.dumps(_changed(json.loads(raw), rng), ensure_ascii=False, indent=1).encode(
        "utf-8", errors="replace"
    )


def spoil_yaml(raw: bytes, rng: Random) -> bytes:
    """Change a value of a YAML document, or its bytes."""
    if rng.random() < 0.5:
        return spoil(raw, rng)
    changed = _changed(yaml.safe_load(raw), rng)
    return yaml.safe_dump(changed, allow_unicode=True, sort_keys=False).encode()


def _changed(tree: Any, rng: Random) -> Any:
    """Replace, remove or rename one value anywhere in a tree."""
    inner = isinstance(tree, dict | list) and len(tree) > 0
    if not inner or rng.random() < 0.12:
        return rng.choice(ODD)
    place = rng.choice(list(tree)) if isinstance(tree, dict) else rng.randrange(len(tree))
    tree = tree.copy()
    way = rng.random()
    if way < 0.08:
        tree.pop(place)
    elif way < 0.12 and isinstance(tree, dict):
        tree[str(place) + "x"] = tree.pop(place)
    elif way < 0.16 and isinstance(tree, list):
        tree.append(tree[place])
    else:
        tree[place] = _changed(tree[place], rng)
    return tree


def _slice(raw: bytes, rng: Random, most: int) -> tuple[int, int]:
    start = rng.randrange(len(raw) + 1)
    return start, min(len(raw), start + rng.randint(1, most))


def _flip(raw: bytes, rng: Random) -> bytes:
    if not raw:
        return raw
    at = rng.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :]


def _delete(raw: bytes, rng: Random) -> bytes:
    start, end = _slice(raw, rng, 200)
    return raw[:start] + raw[end:]


def _insert(raw: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice(TOKENS) + raw[at:]


def _repeat(raw: bytes, rng: Random) -> bytes:
    start, end = _slice(raw, rng, 500)
    return raw[:end] + raw[start:end] * rng.randint(1, 3) + raw[end:]


def _cut(raw: bytes, rng: Random) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def _lines(raw: bytes, rng: Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    if len(lines) < 2:
        return raw
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _replace(pattern: re.Pattern[bytes]) -> Callable[[bytes, Random], bytes]:
    def way(raw: bytes, rng: Random) -> bytes:
        hits = list(pattern.finditer(raw))
        if not hits:
            return raw
        hit, other = rng.choice(hits), rng.choice(hits)
        new = rng.choice((*TOKENS, other.group(), other.group()))
        return raw[: hit.start()] + new + raw[hit.end() :]

    return way


_WAYS = (_flip, _delete, _insert, _repeat, _cut, _lines, _replace(_NUMBER), _replace(_WORD))
