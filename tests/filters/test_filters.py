"""The tree of the filter language: what it holds, how it is written, and what it matches."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, Unrecognized
from fireworks_gateway.filters import (
    COMPARATORS,
    MAX_DEPTH,
    And,
    Comparison,
    Empty,
    Filter,
    Function,
    Member,
    Not,
    Or,
    Sequence,
    String,
    Text,
    parse,
    quote,
)
from fireworks_gateway.filters._matching import values_in

A, B, C = (Comparison(Member((name,)), "=", Text("1")) for name in "abc")

# Whatever strings there are, half characters among them.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
WORDS = st.sampled_from(
    ["a", "-1", "-2.5e-3", "-1s", "2.5", "true", "a.AND.b", "*", "x-y", "2025-01-01T00:00:00.5+01:00", "NOTE", "é/ü+"]
)


def is_text(text: str) -> bool:
    """Say whether a text needs no quotes."""
    try:
        return Text(text).value == text
    except ConfigurationError:
        return False


LITERALS = st.builds(Text, WORDS | ANY_TEXT.filter(is_text)) | st.builds(String, ANY_TEXT)
NAMES = st.sampled_from(["f", "NOT", "AND", "math.mem", "a.OR"])
MEMBERS = st.builds(Member, st.lists(ANY_TEXT | WORDS, min_size=1, max_size=4).map(tuple))
COMPARED_WITH = st.sampled_from(COMPARATORS)


def functions(args: st.SearchStrategy[Any]) -> st.SearchStrategy[Function]:
    """Return calls with some arguments."""
    return st.builds(Function, NAMES, st.lists(args, max_size=3).map(tuple))


def composites(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Filter]:
    """Return filters one deeper than others."""
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    comparables = MEMBERS | functions(inner | LITERALS)
    return (
        st.builds(And, several)
        | st.builds(Sequence, several)
        | st.builds(Or, several)
        | st.builds(Not, inner)
        | st.builds(Comparison, comparables, COMPARED_WITH, inner | functions(inner | LITERALS))
    )


LEAVES = LITERALS | st.builds(Comparison, MEMBERS, COMPARED_WITH, LITERALS)
TREES = st.just(Empty()) | st.recursive(LEAVES, composites, max_leaves=12)


@given(filter=TREES)
def test_every_tree_is_written_and_read_back(filter: Filter) -> None:
    """Whatever is in it, its text parses to an equal tree, with an equal hash and the same text."""
    again = parse(str(filter))
    assert again == filter
    assert hash(again) == hash(filter)
    assert str(again) == str(filter)


@given(filter=TREES)
def test_trees_are_copied_by_value(filter: Filter) -> None:
    """They pickle and copy, also after they were evaluated."""
    Empty().matches({})
    assert pickle.loads(pickle.dumps(filter)) == filter
    assert copy.deepcopy(filter) == filter


def test_trees_are_equal_by_kind_and_value() -> None:
    """AND and side by side mean the same, and are not the same."""
    assert And((A, B)) == A & B
    assert And((A, B)) != Sequence((A, B))
    assert Text("1") != String("1")
    assert A != "a = 1"
    assert len({A, Comparison(Member(("a",)), "=", Text("1")), B}) == 2


def test_trees_do_not_change() -> None:
    """Assigning to a part of one is refused."""
    with pytest.raises(AttributeError):
        A.comparator = "!="  # type: ignore[misc]


def test_filters_are_combined_by_operators() -> None:
    """`&`, `|` and `~` build the tree; chains of one kind are flat, and nothing is written without its parentheses."""
    assert str(A & B | C) == "(a = 1 AND b = 1) OR c = 1"
    assert str(A & (B | C)) == "a = 1 AND (b = 1 OR c = 1)"
    assert str(~(A & B)) == "NOT (a = 1 AND b = 1)"
    assert (A & B) & C == A & (B & C) == And((A, B, C))
    assert ~~A == A


def test_only_filters_are_combined() -> None:
    """A text is no filter until it is parsed; what knows how to combine with a filter may."""
    with pytest.raises(TypeError):
        A & "b = 1"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    with pytest.raises(TypeError):
        "b = 1" | A  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]


def test_the_empty_filter_is_neutral() -> None:
    """It adds nothing to AND, and makes everything of OR; its negation is in no filter language."""
    assert Empty() & A == A & Empty() == A
    assert Empty() | A == Empty() == Empty() & Empty()
    with pytest.raises(ConfigurationError):
        operator.invert(Empty())


def test_a_filter_is_neither_true_nor_false() -> None:
    """So that `and`, `or`, `not` and chained comparisons cannot go wrong silently."""
    with pytest.raises(TypeError, match="combine filters with &"):
        bool(A)


@pytest.mark.parametrize(
    "build",
    [
        lambda: And((A,)),
        lambda: Or((A, Empty())),
        lambda: Not(Empty()),
        lambda: Member(()),
        lambda: Text("a b"),
        lambda: Text("AND"),
        lambda: Text(""),
        lambda: Text("-b"),
        lambda: Function("f g"),
        lambda: Function("f", (Empty(),)),
        lambda: Comparison(Member(("a",)), "==", Text("1")),
        lambda: Comparison(Member(("a",)), "=", Empty()),
    ],
)
def test_what_cannot_be_written_cannot_be_built(build: Callable[[], object]) -> None:
    """A tree that would have no text is refused where it is built."""
    with pytest.raises(ConfigurationError):
        build()


def test_depth_is_bounded() -> None:
    """A tree as deep as may be does all that trees do; one level more is refused, and so is its text."""
    tree: Filter = A
    for _ in range(MAX_DEPTH - 2):
        tree = Not(tree)
    assert parse(str(tree)) == tree == pickle.loads(pickle.dumps(tree))
    assert tree.matches({"a": 1}) is True
    with pytest.raises(ConfigurationError, match="nest at most"):
        Not(tree)


def test_chains_are_wide_not_deep() -> None:
    """Thousands of alternatives are one level."""
    tree: Filter = A
    for number in range(2_000):
        tree = tree | Comparison(Member(("a",)), "=", Text(str(number)))
    assert tree.matches({"a": 1999})
    assert not tree.matches({"a": 2000})


def test_any_mapping_and_any_string_will_do() -> None:
    """Objects may be read-only, lists may be tuples, and enums are the strings that they are."""
    payload = MappingProxyType({"kind": Unrecognized("NEW"), "tags": ("a", "b"), "m": MappingProxyType({"k": 1})})
    assert parse("kind = NEW AND tags:b AND m.k = 1 AND m:k").matches(payload)
    assert not parse('tags != c OR m != c OR tags:"a*"').matches(payload)


@pytest.mark.parametrize(
    ("text", "record", "answer"),
    [
        ("context_length = 1", {"contextLength": 1}, True),
        ("contextLength = 1", {"context_length": 1}, True),
        ("contextLength = 1", {"contextLength": 1}, True),
        ("context_length = 1", {"context_length": 1}, True),
        ("a_1 = 1", {"a1": 1}, True),
        ("Some_Name = 1", {"Some_Name": 1}, True),
        ("someName.other_part = 1", {"some_name": {"otherPart": 1}}, True),
        ("someName.otherPart:1", {"some_name": [{"other_part": 1}]}, True),
        ("a_b = 1", {"aB": 2, "a_b": 1}, True),
        ("contextlength = 1", {"contextLength": 1}, False),
        ("contextLength = 1", {"contextlength": 1}, False),
    ],
)
def test_either_spelling_finds_the_other(text: str, record: dict[str, Any], answer: bool) -> None:
    """On both sides, and at each step of a path; the same spelling comes first."""
    assert parse(text).matches(record) is answer


@pytest.mark.parametrize(("tags", "answer"), [(["y"], True), (["x"], False), (["x", "y"], False), (None, False)])
def test_what_is_unset_has_nothing_not_even_by_negation(tags: list[str] | None, answer: bool) -> None:
    """A negation right of `:` is of the values that there are."""
    assert parse("tags:(NOT x)").matches({"tags": tags}) is answer
    assert parse("tags:(NOT x)").matches({}) is False


@pytest.mark.parametrize(
    ("text", "value", "answer"),
    [
        ("a > 0.2", 0.5, True),
        ("a < 0.5", 0.5, False),
        ("a <= 0.5", 0.5, True),
        ("a > 0.5", 0.5, False),
        ("a >= 0.5", 0.5, True),
        ("a > 9", "10", True),
        ('a > "9"', "10", False),
        ("a > 0", True, False),
        ("a < 2", True, False),
        ("a >= 0", None, False),
        ("a < b", 1, False),
    ],
)
def test_values_are_ordered_as_what_they_are(text: str, value: object, answer: bool) -> None:
    """Numbers as numbers, texts that are numbers too unless the other is in quotes; flags have no order."""
    assert parse(text).matches({"a": value}) is answer


@pytest.mark.parametrize(
    ("text", "record", "answer"),
    [
        ("a", {"a": True}, True),
        ("a", {"a": False}, False),
        ("a", {"a": 5}, False),
        ("a", {"x": "bab"}, True),
        ("a.b", {"a": {"b": True}}, True),
        ("a.b", {"a": {"b": 5}}, True),
        ("a.b", {"a": {"b": 0}}, False),
        ("a.b", {"x": ["a.b"]}, True),
        ("5", {"x": 5}, True),
        ('"5"', {"x": {"y": 5}}, True),
        ('"a*"', {"x": "ab"}, True),
        ('"a*"', {"x": "ba"}, False),
        ("true", {"x": True}, False),
    ],
)
def test_a_literal_alone_names_what_holds_or_appears(text: str, record: dict[str, Any], answer: bool) -> None:
    """A flag, a path to something, a part of a text, or a number; in quotes or not."""
    assert parse(text).matches(record) is answer


def test_the_values_in_lists_in_lists_are_found() -> None:
    """And the lists themselves are none of them; what is no list is its own."""
    assert sorted(values_in([1, (2, [3]), [], [[4]]])) == [1, 2, 3, 4]
    assert list(values_in({"a": [1]})) == [{"a": [1]}]


def test_objects_are_searched_as_deep_as_filters_nest() -> None:
    """Deeper, there is nothing for a filter, and no way to hurt it."""
    deep: Any = "needle"
    for _ in range(100_000):
        deep = {"a": [deep]}
    assert not parse("needle").matches(deep)
    shallow = {"a": [{"b": "needle"}]}
    assert parse("needle").matches(shallow)
    while deep != "needle":  # Or else the interpreter takes it apart recursively.
        deep = deep["a"][0]


def test_strings_are_quoted_whole() -> None:
    """Nothing in a text ends its string, and nothing that cannot be sent is in it."""
    assert quote('a"b\\c\n\ud800é') == '"a\\"b\\\\c\\u000a\\ud800é"'


Condition: TypeAlias = tuple[Filter, Callable[[dict[str, Any]], bool]]

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SMALL_TEXT = st.text("ab\"'\\ ()", max_size=3)
RECORDS = st.fixed_dictionaries(
    {
        "contextLength": st.integers(-3, 3),
        "parameterCount": st.integers(-(2**63), 2**63 - 1).map(str),
        "name": SMALL_TEXT,
        "public": st.booleans(),
        "tags": st.lists(SMALL_TEXT, max_size=3),
        "details": st.none() | st.fixed_dictionaries({"moe": st.booleans(), "r": st.integers(-2, 2)}),
    }
)


def numeric(path: tuple[str, ...], comparator: str, value: float, of: Callable[[Any], Any]) -> Condition:
    """Return a comparison with a number, in the language and in Python."""

    def condition(record: dict[str, Any]) -> bool:
        found = of(record)
        return found is not None and ORDERS[comparator](found, value)

    return Comparison(Member(path), comparator, Text(repr(value))), condition


def worded(comparator: str, value: str) -> Condition:
    """Return a comparison with a text, in the language and in Python."""
    return (
        Comparison(Member(("name",)), comparator, String(value)),
        lambda record: ORDERS[comparator](record["name"], value),
    )


def has_tag(value: str) -> Condition:
    """Return whether a list has an item, in the language and in Python."""
    return Comparison(Member(("tags",)), ":", String(value)), lambda record: value in record["tags"]


def is_public(value: bool) -> Condition:
    """Return a comparison of a flag, in the language and in Python."""
    return (
        Comparison(Member(("public",)), "=", Text(str(value).lower())),
        lambda record: record["public"] is value,
    )


def begins(value: str) -> Condition:
    """Return whether a text begins with another, in the language and in Python."""
    return (
        Comparison(Member(("name",)), "=", String(f"{value}*")),
        lambda record: record["name"].startswith(value),
    )


COMPARISONS = st.sampled_from(list(ORDERS))
CONDITIONS = (
    st.builds(
        numeric, st.just(("context_length",)), COMPARISONS, st.integers(-3, 3), st.just(lambda r: r["contextLength"])
    )
    | st.builds(
        numeric, st.just(("contextLength",)), COMPARISONS, st.floats(-3, 3), st.just(lambda r: r["contextLength"])
    )
    | st.builds(
        numeric,
        st.just(("parameter_count",)),
        COMPARISONS,
        st.integers(-(2**63), 2**63 - 1),
        st.just(lambda r: int(r["parameterCount"])),
    )
    | st.builds(
        numeric,
        st.just(("details", "r")),
        COMPARISONS,
        st.integers(-2, 2),
        st.just(lambda r: (r["details"] or {}).get("r")),
    )
    | st.builds(worded, COMPARISONS, SMALL_TEXT)
    | st.builds(has_tag, SMALL_TEXT)
    | st.builds(is_public, st.booleans())
    | st.builds(begins, SMALL_TEXT)
)


def combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions that are combined in the language and in Python alike."""

    def both(a: Condition, b: Condition) -> Condition:
        return a[0] & b[0], lambda record: a[1](record) and b[1](record)

    def either(a: Condition, b: Condition) -> Condition:
        return a[0] | b[0], lambda record: a[1](record) or b[1](record)

    def neither(a: Condition) -> Condition:
        return ~a[0], lambda record: not a[1](record)

    return st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(neither, inner)


@given(condition=st.recursive(CONDITIONS, combined, max_leaves=8), records=st.lists(RECORDS, min_size=1, max_size=4))
def test_what_matches_is_what_python_says(condition: Condition, records: list[dict[str, Any]]) -> None:
    """A filter, and the filter that its text is, match what the same condition in Python holds for."""
    tree, holds = condition
    for record in records:
        assert tree.matches(record) is holds(record)
        assert parse(str(tree)).matches(record) is holds(record)
