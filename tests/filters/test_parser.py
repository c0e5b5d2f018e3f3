"""The parser derives what the published grammar derives, in time that grows with the length of the text."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import MAX_DEPTH, Filter, parse
from tests.filters.aip160_cases import INVALID, VALID
from tests.filters.reference import derived

PIECES = st.sampled_from(
    [
        *("AND OR NOT and a b.c a-b -a -1 -1.5e3s 1 2.5 true * 2026-01-31T00:00:00Z 1.5s".split()),
        *(" ", "  ", "\n", "(", ")", "( ", " )", ",", ", ", ".", "-", ":", "=", " = ", "!=", "<=", ">", "f(", "a.b("),
        *('"x"', "'y'", '"a\\"b"', '"', "'", '"\\q"', "AND ", " AND ", " OR ", "NOT ", "a = ", "a:", "[", "é"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=12)


def outcome(parser: object, text: str) -> Filter | None:
    """Return the filter that a parser makes of a text; None if it refuses."""
    try:
        return parser(text)  # type: ignore[no-any-return, operator]
    except Exception:
        return None


def is_encodable(text: str) -> bool:
    """Return whether a text has no half of a surrogate pair, which the parser refuses and the grammar ignores."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


@given(TEXTS)
@example("-(42)")
@example("a = -(b)")
@example("NOT(a)")
@example("2024-01-01T12010001Z")
def test_the_parser_derives_what_the_grammar_derives(text: str) -> None:
    """The same tree, or both refuse; the only error is a FilterError."""
    expected = outcome(derived, text)
    try:
        found = parse(text)
    except FilterError:
        found = None
    assert found == expected


# The grammar has no limit of nesting, which a text with half as many parentheses does not reach when it is doubled.
COMPARABLE = [
    text for text in (*(text for text, _ in VALID), *INVALID) if is_encodable(text) and text.count("(") < MAX_DEPTH // 2
]


@given(st.sampled_from(COMPARABLE), st.data())
def test_the_parser_agrees_on_texts_that_are_nearly_filters(text: str, data: st.DataObject) -> None:
    """A character taken out, put in or repeated."""
    place = data.draw(st.integers(0, len(text)))
    piece = data.draw(PIECES)
    for changed in (
        text[:place] + text[place + 1 :],
        text[:place] + piece + text[place:],
        text[:place] * 2 + text[place:],
    ):
        assert outcome(parse, changed) == outcome(derived, changed)


GROWING: dict[str, Callable[[int], str]] = {
    "an unterminated string": lambda n: '"' + '\\"' * n,
    "words": lambda n: "a " * n,
    "a path": lambda n: "a" + ".a" * n,
    "open parentheses": lambda n: "(" * n,
    "a name that is nearly a function": lambda n: "a." * n + "(",
    "spaces": lambda n: "a" + " " * n + "b" + " " * n + "=",
    "comparisons": lambda n: " AND ".join(["a = (1 OR 2)"] * (n // 10)),
    "minus signs": lambda n: "-" * n,
}


def seconds(text: str) -> float:
    """Return the least processor time of three parsings."""
    times = []
    for _ in range(3):
        start = process_time()
        outcome(parse, text)
        times.append(process_time() - start)
    return min(times)


@pytest.mark.parametrize("what", GROWING)
def test_the_time_grows_with_the_length(what: str) -> None:
    """Eight times the text takes no more than about eight times as long: a quadratic parser would take 64 times."""
    small, large = GROWING[what](3_000), GROWING[what](24_000)
    assert seconds(large) <= 30 * max(seconds(small), 0.0005)


@pytest.mark.parametrize("text", ["(" * (MAX_DEPTH + 1), "f(" * (MAX_DEPTH + 1), "a = " + "(" * 5_000])
def test_nesting_has_a_limit(text: str) -> None:
    """The error is one of ours, whatever the depth."""
    with pytest.raises(FilterError, match=f"nest at most {MAX_DEPTH} deep"):
        parse(text)
