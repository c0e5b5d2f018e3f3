"""The tree: building, combining and formatting filters."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import (
    COMPARATORS,
    MAX_DEPTH,
    And,
    Comparison,
    Empty,
    Filter,
    Function,
    Leaf,
    LeafError,
    Member,
    Not,
    Or,
    Sequence,
    String,
    Text,
    parse,
)

A, B, C = (Comparison(Member((name,)), "=", Text("1")) for name in "abc")

# Strings of any characters, lone surrogates among them.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=3)
WORDS = st.sampled_from(
    ["a", "-1", "-2.5e-3", "-1s", "2.5", "true", "a.AND.b", "*", "x-y", "2025-01-01T00:00:00.5+01:00", "NOTE", "é/ü+"]
)
LITERALS = st.builds(Text, WORDS) | st.builds(String, ANY_TEXT | WORDS)
MEMBERS = st.builds(Member, st.lists(ANY_TEXT | WORDS, min_size=1, max_size=3).map(tuple))


def composites(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Filter]:
    """Return filters with one more level than others."""
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    function = st.builds(Function, st.sampled_from(["f", "NOT", "math.AND"]), st.just(()) | several)
    return (
        st.builds(And, several)
        | st.builds(Sequence, several)
        | st.builds(Or, several)
        | st.builds(Not, inner)
        | function
        | st.builds(Comparison, MEMBERS | function, st.sampled_from(COMPARATORS), inner)
    )


LEAVES = LITERALS | st.builds(Comparison, MEMBERS, st.sampled_from(COMPARATORS), LITERALS)
TREES = st.just(Empty()) | st.recursive(LEAVES, composites, max_leaves=6)


@settings(max_examples=2 * settings().max_examples)
@given(TREES)
def test_a_tree_formats_and_parses_back(filter: Filter) -> None:
    """The text of a tree parses to an equal tree, with the same hash and the same text."""
    parsed = parse(str(filter))
    assert parsed == filter
    assert hash(parsed) == hash(filter)
    assert str(parsed) == str(filter)


@given(TREES)
def test_a_tree_pickles_and_copies(filter: Filter) -> None:
    """The copy is equal, also after the tree was parsed and evaluated."""
    A.matches({})
    for tree in (filter, parse(str(filter)), A):
        assert pickle.loads(pickle.dumps(tree)) == tree
        assert copy.deepcopy(tree) == tree


@given(TREES, st.data())
def test_an_error_in_a_built_tree_has_the_position_of_its_leaf(filter: Filter, data: st.DataObject) -> None:
    """The position is in the text of the tree."""
    leaves: list[Leaf] = []

    def replace(leaf: Leaf) -> Leaf:
        leaves.append(leaf)
        if leaf is wrong:
            raise LeafError("wrong", ("right",))
        return leaf

    wrong = None
    assert filter.map_leaves(replace) == filter
    if not leaves:
        return
    wrong = data.draw(st.sampled_from(leaves))
    with pytest.raises(FilterError, match="wrong; expected right") as caught:
        filter.map_leaves(replace)
    error = caught.value
    assert error.filter == str(filter)
    assert error.filter[error.position :].lstrip("(").startswith(str(wrong))


@pytest.mark.parametrize(
    ("text", "leaf", "position"),
    [("a=1   AND  -b=2", "b = 2", 12), ("a OR -30", "-30", 5), ("a\n 'b'", '"b"', 3), ("(a) f( )", "f()", 4)],
)
def test_an_error_in_a_parsed_leaf_has_its_position(text: str, leaf: str, position: int) -> None:
    """The position is in the text that was parsed, even if the leaf became a part of another filter."""
    with pytest.raises(FilterError) as caught:
        (C & parse(text)).map_leaves(lambda each: fail(each) if str(each) == leaf else each)
    assert (caught.value.filter, caught.value.position) == (text, position)


def fail(leaf: Leaf) -> Leaf:
    """Raise the error of a leaf."""
    raise LeafError(f"wrong: {leaf}")


def test_trees_are_values() -> None:
    """Trees compare by class and value, have a repr, and are immutable; AND and side by side are not equal."""
    assert And((A, B)) == A & B
    assert And((A, B)) != Sequence((A, B))
    assert Text("1") != String("1")
    assert A != "a = 1"
    assert len({A, Comparison(Member(("a",)), "=", Text("1")), B}) == 2
    assert repr(~A) == "<filter NOT a = 1>"
    with pytest.raises(AttributeError):
        A.comparator = "!="  # type: ignore[misc]


def test_operators_combine_filters() -> None:
    """`&`, `|` and `~` build the tree; chains of one operator are flat, and mixed ones get parentheses."""
    assert str(A & B | C) == "(a = 1 AND b = 1) OR c = 1"
    assert str(A & (B | C)) == "a = 1 AND (b = 1 OR c = 1)"
    assert str(~(A & B)) == "NOT (a = 1 AND b = 1)"
    assert (A & B) & C == A & (B & C) == And((A, B, C))
    assert (A | B) | C == A | (B | C) == Or((A, B, C))
    assert str(Sequence((A, B)) & C) == "(a = 1 b = 1) AND c = 1"
    assert ~~A == A


def test_the_empty_filter_is_neutral() -> None:
    """It adds nothing to AND, and an OR with it is empty."""
    assert Empty() & A == A & Empty() == A
    assert Empty() | A == A | Empty() == Empty() == Empty() & Empty()


MISUSED: list[tuple[Callable[[Any], object], type[Exception]]] = [
    (lambda a: a & "b = 1", TypeError),
    (lambda a: "b = 1" | a, TypeError),
    (lambda a: a and a, TypeError),
    (lambda a: And((a,)), ConfigurationError),
    (lambda a: Or((a, Empty())), ConfigurationError),
    (lambda a: Not(Empty()), ConfigurationError),
    (lambda a: Member(()), ConfigurationError),
    *((lambda a, text=text: Text(text), ConfigurationError) for text in ("a b", "AND", "a.[b]", "", "-b")),
    (lambda a: Function("f g"), ConfigurationError),
    (lambda a: Function("f", (Empty(),)), ConfigurationError),
    (lambda a: Comparison(Member(("a",)), "==", Text("1")), ConfigurationError),
    (lambda a: Comparison(Member(("a",)), "=", Empty()), ConfigurationError),
]


@pytest.mark.parametrize(("build", "error"), MISUSED)
def test_a_tree_without_a_text_cannot_be_built(build: Callable[[Any], object], error: type[Exception]) -> None:
    """Strings are no filters, Python's `and` would drop one, and some trees have no text."""
    with pytest.raises(error):
        build(A)


def test_a_tree_has_a_limit_of_depth() -> None:
    """The deepest tree formats, parses, pickles and evaluates; a deeper one cannot be built."""
    tree: Filter = A
    for _ in range(MAX_DEPTH - 2):
        tree = Not(tree)
    assert parse(str(tree)) == tree == pickle.loads(pickle.dumps(tree))
    assert tree.matches({"a": 1}) is True
    with pytest.raises(ConfigurationError, match="nest at most"):
        Not(tree)


def test_a_chain_is_one_level() -> None:
    """Many alternatives do not nest."""
    tree: Filter = A
    for number in range(2 * MAX_DEPTH):
        tree = tree | Comparison(Member(("a",)), "=", Text(str(number)))
    assert tree.matches({"a": 2 * MAX_DEPTH - 1})
    assert not tree.matches({"a": 2 * MAX_DEPTH})
