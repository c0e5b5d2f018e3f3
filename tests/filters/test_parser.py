"""The parser: it follows the published grammar, in linear time, and reports errors with their positions."""

import inspect
import pickle
import re
import sys
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fireworks_gateway import Model, check_filter
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import MAX_DEPTH, Filter, parse
from tests.filters.cases import INVALID, VALID
from tests.filters.reference import parse_by_grammar


@pytest.mark.parametrize(("text", "structure"), VALID)
def test_the_grammar_derives(text: str, structure: str) -> None:
    """The text of a filter has the parentheses of its structure, and parses to an equal filter."""
    tree = parse(text)
    assert str(tree) == structure
    assert parse(structure) == tree


@pytest.mark.parametrize("text", INVALID)
def test_the_grammar_does_not_derive(text: str) -> None:
    """Other texts raise an error with a position in the text."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert 0 <= caught.value.position <= len(text)


PIECES = st.sampled_from([
    *("AND OR NOT and a A B b.c a-b -a -1 -1.5e3s 1 2.5 true * 2026-01-31T00:00:00Z 1.5s a=1 a:".split()),
    *(" ", "  ", "\n", "(", ")", "( ", " )", ",", ", ", ".", "-", ":", "=", " = ", "!=", "<=", ">", "f(", "a.b("),
    *('"x"', "'y'", '"a\\"b"', '"', "'", '"\\q"', "\\", "AND ", " AND ", " OR ", "NOT ", "a = ", "[", "é", "!"),
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=12)


def result(parser: Callable[[str], Filter], text: str) -> Filter | None:
    """Return the filter that a parser returns for a text; None for an error."""
    try:
        return parser(text)
    except Exception:
        return None


@settings(max_examples=2 * settings().max_examples)
@given(TEXTS)
@example("-(42)")
@example("a = -(b)")
@example("NOT(a)")
@example("2024-01-01T12010001Z")
@example("2024-01-01T00:00:00.1234567890Z")
def test_the_parser_agrees_with_the_grammar(text: str) -> None:
    """Both return the same tree, or both raise; the parser raises FilterError only."""
    expected = result(parse_by_grammar, text)
    try:
        found = parse(text)
    except FilterError:
        found = None
    assert found == expected


# The grammar has no limit of nesting, and it ignores lone surrogates.
COMPARABLE = [text for text, _ in VALID] + [
    text for text in INVALID if text.count("(") < MAX_DEPTH // 2 and not re.search("[\ud800-\udfff]", text)
]


@given(st.sampled_from(COMPARABLE), PIECES, st.data())
def test_the_parser_agrees_with_the_grammar_near_filters(text: str, piece: str, data: st.DataObject) -> None:
    """The same holds after a piece of a valid or invalid text was removed, inserted or repeated."""
    place = data.draw(st.integers(0, len(text)))
    before, after = text[:place], text[place:]
    for changed in (before + after[1:], before + piece + after, before * 2 + after):
        assert result(parse, changed) == result(parse_by_grammar, changed)


@given(text=TEXTS)
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    """A filter formats to an equal one, evaluates and is checked; every error has a position in its text."""
    try:
        tree = parse(text)
        assert parse(str(tree)) == tree
        tree.matches({"a": 1, "A": ["B"], "B": {"a": "1"}})
        check_filter(tree, Model)
    except FilterError as error:
        assert str(error)
        assert 0 <= error.position <= len(error.filter)


POSITIONS: list[tuple[str, int, str]] = [
    ("a = \ud800", 4, "a lone surrogate"),
    ('a = b "c', 6, "not terminated"),
    ("a = 'b\"", 4, "not terminated"),
    (r'a = "bc\q"', 7, r"unknown escape \\q"),
    ('a = "b" = "c"', 8, "unexpected =; expected "),
    ('a "b" )', 6, r"unexpected \); expected "),
    ("a = ", 4, "unexpected end of the filter; expected "),
    (f"a ={'=' * 200}", 3, "unexpected =;"),
    (f"a = b {'[' * 200}", 6, r"unexpected \[{80};"),
    ("(a) " * MAX_DEPTH + "(" * MAX_DEPTH + "(", 4 * MAX_DEPTH + MAX_DEPTH, "nest at most"),
    ("f(" * MAX_DEPTH + "f(", 2 * MAX_DEPTH, "nest at most"),
    ("a = " + "f(" * MAX_DEPTH + ")" * MAX_DEPTH, 0, "nest at most"),
]


@pytest.mark.parametrize(("text", "position", "message"), POSITIONS, ids=[f"{text} {at}" for _, at, text in POSITIONS])
def test_an_error_has_a_position(text: str, position: int, message: str) -> None:
    """It is that of the surrogate, string, escape, token or parenthesis, in the text that was given."""
    with pytest.raises(FilterError, match=message) as caught:
        parse(text)
    assert (caught.value.position, caught.value.filter) == (position, text)


def test_an_error_shows_its_line() -> None:
    """Its text has the cause, the tokens that were expected, and the line with a caret. It pickles."""
    with pytest.raises(FilterError) as caught:
        parse('kind = HF_BASE_MODEL\nAND name == "x"')
    error = caught.value
    assert (error.position, error.expected) == (31, ("a name or value", '"("'))
    assert str(error) == (
        'unexpected =; write a single =; expected a name or value or "(", at character 32:\n'
        '    AND name == "x"\n              ^'
    )
    assert pickle.loads(pickle.dumps(error)) == error
    assert isinstance(error, ValueError)


@given(st.text("ab\n\t\r é\x1b\u202e", max_size=150), st.data())
def test_the_caret_points_at_the_position(text: str, data: st.DataObject) -> None:
    """Line breaks and control characters before the position do not move it."""
    position = data.draw(st.integers(0, len(text)))
    shown, caret = str(FilterError("wrong", filter=text, position=position)).split("\n")[-2:]
    character = text[position : position + 1]
    assert caret.strip() == "^"
    assert f"{shown} "[len(caret) - 1] == (character if character and character.isprintable() else " ")
    assert shown.isprintable()


@pytest.mark.parametrize(
    "text",
    ["(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, "(a) " * (MAX_DEPTH + 1) + "a", f'a = "{"(" * (MAX_DEPTH + 1)}"'],
    ids=["nested", "side by side", "in a string"],
)
def test_parentheses_count_where_they_nest(text: str) -> None:
    """As many as the limit are allowed; closed ones and those in strings do not count."""
    assert parse(str(parse(text))) == parse(text)


def test_a_deep_stack_is_no_recursion_error() -> None:
    """A caller near the limit of recursion gets a FilterError."""

    def call(frames: int) -> Filter:
        return call(frames - 1) if frames else parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)

    with pytest.raises(FilterError, match="nest at most"):
        call(sys.getrecursionlimit() - len(inspect.stack(0)) - 100)


# Texts that grow, and their small size. Trees cost more than texts that fail early.
HOSTILE: dict[str, tuple[int, Callable[[int], str]]] = {
    "nested parentheses": (1_500, lambda n: "(" * n + "a = 1" + ")" * n),
    "nested functions": (1_500, lambda n: "f(" * n + ")" * n),
    "NOT": (1_500, lambda n: "NOT " * n + "a"),
    "NOT (": (1_500, lambda n: "NOT (" * n + "a" + ")" * n),
    "OR": (40, lambda n: " OR ".join(["a = 1"] * n)),
    "AND": (40, lambda n: " AND ".join(['a = "x"'] * n)),
    "composites": (15, lambda n: " AND ".join(["(a.b = 'x' OR -c:(1 OR 2))"] * n)),
    "a sequence": (40, lambda n: "a " * n),
    "arguments": (40, lambda n: f"f({','.join('a' * n)})"),
    "a path": (200, lambda n: ".".join("a" * n) + ":1"),
    "a path before a parenthesis": (1_000, lambda n: "a." * n + "("),
    "spaces": (5_000, lambda n: "a" + " " * n + "b" + " " * n + "="),
    "spaces at the end": (5_000, lambda n: "a" + " " * n),
    "a word": (5_000, lambda n: "a" * n),
    "quotes": (5_000, lambda n: '"' * (2 * n + 1)),
    "an unterminated string": (5_000, lambda n: '"' + '\\"' * n),
    "backslashes": (5_000, lambda n: '"' + "\\" * (2 * n + 1)),
    "escapes": (500, lambda n: 'a = "' + "\\x41" * n + '"'),
    "wildcards": (1_000, lambda n: 'a = "' + "*a" * n + '"'),
    "digits": (100, lambda n: "a = " + "9" * n),
    "an exponent": (1_000, lambda n: "a = 1e" + "9" * n),
    "colons": (5_000, lambda n: "a:" * n),
    "NUL": (5_000, lambda n: "\x00" * n),
}


def seconds(text: str) -> float:
    """Return the processor time of parsing a text and of everything that can be done with the result."""
    start = process_time()
    try:
        tree = parse(text)
        assert parse(str(tree)) == tree
        assert hash(pickle.loads(pickle.dumps(tree))) == hash(tree)
        tree.matches({"a": "a" * 1000 + "b"})
        check_filter(tree, Model)
    except FilterError as error:
        assert len(str(error)) < 600
    return process_time() - start


@pytest.mark.parametrize(("size", "build"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_linear_time(size: int, build: Callable[[int], str]) -> None:
    """The result is a filter or a FilterError. Eight times the size takes about eight times as long."""
    small, large = build(size), build(8 * size)
    seconds(small)  # Imports and caches of the first use.
    # On a busy machine the processor time of a few milliseconds is arbitrary.
    assert any(seconds(large) < 0.02 + 4 * sum(seconds(small) for _ in range(8)) for _ in range(5))
