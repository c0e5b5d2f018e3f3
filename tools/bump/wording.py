"""Changes of wording between two documents: the words that changed, with a few around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

WORDING = ("title", "description", "summary")
_KEYWORDS = ("components", "schemas", "properties", "paths", "parameters", "info", "items", "get")
_AROUND = 3
_COMPARED = 2_000  # The comparison takes quadratic time.
_LONGEST = 24  # More words than these in a place are counted.


def wording_changes(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place of each reworded text, and its changed words: [-removed-] and {+added+}."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = _by_name(old), _by_name(new)
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return
    for key in WORDING:
        texts = [each[key] if isinstance(each.get(key), str) else "" for each in (old, new)]
        before, after = (text.split() for text in texts)
        if before != after:
            yield place or "document", _changed_words(before, after)
    for key in old:
        if key in new:
            is_name = isinstance(key, str) and key not in _KEYWORDS
            yield from wording_changes(old[key], new[key], f"{place}.{key}".lstrip(".") if is_name else place)


def _by_name(nodes: list[Any]) -> Mapping[Any, Any]:
    """Return the items of a list by their names, or by their positions."""
    return {(isinstance(each, Mapping) and str(each.get("name") or "")) or at: each for at, each in enumerate(nodes)}


def _changed_words(old: list[str], new: list[str]) -> str:
    if len(old) + len(new) > _COMPARED:
        return f"{len(old):,} words became {len(new):,}"
    pieces: list[str] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept, added = old[start:end], new[first:last]
        if tag == "equal":
            pieces += kept if len(kept) <= 2 * _AROUND else [*kept[:_AROUND], "…", *kept[-_AROUND:]]
        else:
            pieces += [f"[-{_short(kept)}-]"] * bool(kept) + [f"{{+{_short(added)}+}}"] * bool(added)
    return " ".join(pieces)


def _short(words: list[str]) -> str:
    more = f" … ({len(words)} words)" if len(words) > _LONGEST else ""
    return " ".join(words[:_LONGEST]) + more
