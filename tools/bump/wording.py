"""Changes of wording between two documents: the words that changed, with a few around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

WORDING = ("title", "description", "summary")
_AROUND = 3
_COMPARED = 2_000  # The comparison takes quadratic time.
_LONGEST = 24  # More words than these in a place are counted.


def wording_changes(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place of each reworded text, and its changed words: [-removed-] and {+added+}."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old:
            before, after = old[key], new.get(key)
            if key in WORDING and (isinstance(before, str) or isinstance(after, str)):
                if str(before).split() != str(after or "").split():
                    yield place or "document", _changed_words(str(before).split(), str(after or "").split())
            elif after is not None:
                yield from wording_changes(before, after, f"{place}.{key}".lstrip(".") if _names(key) else place)
        for key in WORDING:
            if key not in old and isinstance(added := new.get(key), str):
                yield place or "document", _changed_words([], added.split())
    elif isinstance(old, list) and isinstance(new, list):
        named = {_name(each): each for each in old}
        for number, each in enumerate(new):
            before = named.get(_name(each)) if _name(each) else old[number] if number < len(old) else None
            yield from wording_changes(before, each, f"{place}.{_name(each)}" if _name(each) else place)


def _names(key: str) -> bool:
    """Return whether a key is a name of the document's own, rather than one of OpenAPI."""
    return key not in ("components", "schemas", "properties", "paths", "parameters", "info", "items", "get")


def _name(node: Any) -> str:
    return str(node.get("name", "")) if isinstance(node, Mapping) else ""


def _changed_words(old: list[str], new: list[str]) -> str:
    if len(old) + len(new) > _COMPARED:
        return f"{len(old):,} words became {len(new):,}"
    pieces: list[str] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            kept = old[start:end]
            pieces += kept if len(kept) <= 2 * _AROUND else [*kept[:_AROUND], "…", *kept[-_AROUND:]]
            continue
        pieces += [f"[-{_short(old[start:end])}-]"] * (end > start) + [f"{{+{_short(new[first:last])}+}}"] * (
            last > first
        )
    return " ".join(pieces)


def _short(words: list[str]) -> str:
    more = f" … ({len(words)} words)" if len(words) > _LONGEST else ""
    return " ".join(islice(words, _LONGEST)) + more
