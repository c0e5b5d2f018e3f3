"""The filter language: its grammar and its meaning as AIP-160 has them, and what anybody may feed it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from time import perf_counter
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import Model, filters
from fireworks_gateway import check_filter as check
from fireworks_gateway._fields.dates import Timestamp
from fireworks_gateway._fields.fields import Field, Message, MessageType
from fireworks_gateway._fields.kinds import Boolean, Integer64, ListOf, MapOf, Number, Reader, String
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import MAX_DEPTH, parse
from tests.filters.aip160_cases import INVALID, MODELS, PET, PETS, UNEVALUABLE, VALID
from tests.shared.collections_of_cases import Collection


@pytest.mark.parametrize(("text", "structure"), VALID)
def test_the_grammar_derives(text: str, structure: str) -> None:
    """What the standard's grammar derives is a filter of the structure that it says, and its text is one again."""
    tree = parse(text)
    assert str(tree) == structure
    assert parse(structure) == tree


@pytest.mark.parametrize("text", INVALID)
def test_the_grammar_does_not_derive(text: str) -> None:
    """What the grammar does not derive is an error within the text."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert 0 <= caught.value.position <= len(text)


@pytest.mark.parametrize(("text", "answer"), PET)
def test_what_matches(text: str, answer: bool) -> None:
    """A filter on a JSON object means what the standard says."""
    assert parse(text).matches(PETS) is answer


@pytest.mark.parametrize("text", UNEVALUABLE)
def test_what_cannot_be_evaluated(text: str) -> None:
    """A function that there is not, or what is no literal where one should be, is an error whatever the object."""
    parse(text)
    with pytest.raises(FilterError):
        parse(text).matches({})


@pytest.mark.parametrize(("text", "meaning"), MODELS)
def test_filters_on_models(text: str, meaning: str | None) -> None:
    """Held against a model, a filter is what it means there, or an error; what it means, means the same again."""
    if meaning is None:
        with pytest.raises(FilterError):
            check(text, Model)
    else:
        checked = check(text, Model)
        assert str(checked) == meaning
        assert check(checked, Model).predicate()({}) is checked.matches({})


def test_presence_in_a_message_and_in_a_map() -> None:
    """A field is present when it differs from its default, a key of a map when it is there."""
    payload = {
        "kind": "KIND_UNSPECIFIED",
        "baseModelDetails": {"moe": False, "parameterCount": "0"},
        "defaultSamplingParams": {"top_k": 0},
    }
    asked = [
        "kind:*",
        "base_model_details.parameter_count:*",
        "base_model_details:moe",
        "default_sampling_params.top_k:*",
    ]
    assert [check(text, Model).matches(payload) for text in asked] == [False, False, False, True]


def test_a_key_has_one_spelling_and_a_text_one_meaning() -> None:
    """Once it is known that it is a key, or a text; names of fields have two, and times many, where they are those."""
    payload = {
        "displayName": "2024-01-01T00:00:00Z",
        "createTime": "2024-01-01T00:00:00Z",
        "defaultSamplingParams": {"topP": 1},
    }
    answers = {
        'displayName = "2024-01-01T00:00:00Z"': True,
        'display_name = "2024-01-01T01:00:00+01:00"': False,
        'create_time = "2024-01-01T01:00:00+01:00"': True,
        "default_sampling_params.topP = 1": True,
        "defaultSamplingParams.top_p = 1": False,
        "default_sampling_params:topP": True,
        "default_sampling_params:(top_p OR top_k)": False,
        "default_sampling_params.top_p:*": False,
    }
    for text, answer in answers.items():
        checked = check(text, Model)
        assert [each.matches(payload) for each in (checked, check(checked, Model))] == [answer, answer], text
        assert checked == parse(str(checked))


def test_a_message_is_there_with_nothing_in_it() -> None:
    """Which is how one without fields is printed; an empty map or list is as good as none."""
    payload: dict[str, Any] = {"teftDetails": {}, "peftDetails": None, "defaultSamplingParams": {}}
    payload["deployedModelRefs"] = []
    present = [name for name in payload if check(f"{name}:*", Model).matches(payload)]
    assert present == ["teftDetails"]


def test_an_error_points_at_its_place() -> None:
    """It says what is wrong, what could stand there, and shows the line with a caret."""
    with pytest.raises(FilterError) as caught:
        parse('kind = HF_BASE_MODEL\nAND name == "x"')
    error = caught.value
    assert (error.position, error.expected) == (31, ("a name or value", '"("'))
    assert str(error) == (
        'unexpected =; expected a name or value or "(", at character 32:\n    AND name == "x"\n              ^'
    )
    assert pickle.loads(pickle.dumps(error)) == error
    assert isinstance(error, ValueError)


def test_an_error_of_a_model_points_at_its_restriction() -> None:
    """It names what is near, and its place is in the text that was sent; a tree that was built has its own text."""
    with pytest.raises(FilterError, match="there is no field contxt_length") as caught:
        check("supports_tools=true   AND contxt_length>1", Model)
    error = caught.value
    assert error.filter[error.position :] == "contxt_length>1"
    assert "context_length" in error.expected
    built = filters.Comparison(filters.Member(("contxt_length",)), ">", filters.Text("1"))
    with pytest.raises(FilterError) as caught:
        check(built, Model)
    assert (caught.value.filter, caught.value.position) == ("contxt_length > 1", 0)


def test_an_error_quotes_the_beginning_of_a_literal() -> None:
    """A megabyte of text belongs in no log."""
    with pytest.raises(FilterError) as caught:
        check(f'context_length = "{"x" * 5_000}"', Model)
    assert len(caught.value.message) < 160


def test_a_filter_matches_a_model() -> None:
    """As it matches the model's JSON object, at every depth."""
    model = Model({"name": "a", "baseModelDetails": {"moe": True}, "defaultSamplingParams": {"top_k": 5}})
    for text in ("base_model_details.moe = true", "default_sampling_params.top_k > 4", 'name = "a"'):
        assert parse(text).matches(model)
        assert check(text, Model).matches(model)
        assert not parse(f"NOT {text}").matches(model)


PLACES: list[tuple[str, int, str]] = [
    ("a = \ud800", 4, "a lone surrogate"),
    ('a = b "c', 6, "not terminated"),
    ("a = 'b\"", 4, "not terminated"),
    (r'a = "bc\q"', 7, "unknown escape"),
    ('a = "b" = "c"', 8, "unexpected =; expected "),
    ('a "b" )', 6, r"unexpected \); expected "),
    ("(a) " * MAX_DEPTH + "(" * MAX_DEPTH + "(", 4 * MAX_DEPTH + MAX_DEPTH, "nest at most"),
    ("a = " + "f(" * MAX_DEPTH + ")" * MAX_DEPTH, 0, "nest at most"),
]


@pytest.mark.parametrize(("text", "position", "what"), PLACES, ids=[f"{what} {at}" for _, at, what in PLACES])
def test_what_is_no_filter_is_refused_at_its_place(text: str, position: int, what: str) -> None:
    """Half characters, strings without an end, strangers and one parenthesis too many each have a place."""
    with pytest.raises(FilterError, match=what) as caught:
        parse(text)
    assert (caught.value.position, caught.value.filter) == (position, text)


def test_parentheses_are_counted_as_they_nest() -> None:
    """As many as the depth are read, with others beside them closed before, and those in strings are none."""
    for text in (
        "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        "(a) " * (MAX_DEPTH + 1) + "a",
        f'a = "{"(" * (MAX_DEPTH + 1)}"',
    ):
        assert parse(str(parse(text))) == parse(text)


ADVICE: list[tuple[str, str, tuple[str, ...]]] = [
    ("status = 1", "status as a whole cannot be compared", ("status:*",)),
    ("deprecation_date = 1", "deprecation_date as a whole cannot be compared", ("deprecation_date.year",)),
    ("deployed_model_refs = 1", "deployed_model_refs as a whole cannot be compared", ("deployed_model_refs:*",)),
    ("defaultSamplingParams = 1", "as a whole cannot be compared", ("default_sampling_params:*",)),
    ("kind > HF_BASE_MODEL", "kind has no order", ("=", "!=")),
    ("public <= true", "public has no order", ("=", "!=")),
    ("kind = HF_BASE_MODL", "HF_BASE_MODL is not a value of ModelKind", ("HF_BASE_MODEL",)),
    ("deployed_model_refs.name = x", 'deployed_model_refs is a list, through which "." leads only with ":"', ()),
    ("status.codee = OK", "there is no field status.codee", ("status.code",)),
    ("contextLength", "context_length alone is true of nothing; say how it compares", ()),
    ("nothing.of.it", "a literal alone could be in any field", ()),
]


@pytest.mark.parametrize(("text", "what", "advice"), ADVICE, ids=[text for text, _, _ in ADVICE])
def test_what_does_not_fit_a_model_says_what_would(text: str, what: str, advice: tuple[str, ...]) -> None:
    """Its `expected` is what could have stood there: first, what is nearest."""
    with pytest.raises(FilterError) as caught:
        check(text, Model)
    assert what in caught.value.message
    assert caught.value.expected[: max(len(advice), 1)] == advice


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("public = true and tunable = true", "a literal alone could be in any field", ("AND",)),
        ("public = true || tunable = true", "a literal alone could be in any field", ("OR",)),
        ("not public", "a literal alone could be in any field", ("NOT",)),
        ("kind in (HF_BASE_MODEL)", "kind alone is true of nothing; say how it compares", ()),
        ("kind = hf_base_model", "hf_base_model is not a value of ModelKind", ("HF_BASE_MODEL",)),
        ("create_time > 2025", "2025 is not an RFC 3339 timestamp such as 2026-01-31T00:00:00Z, which create_time", ()),
    ],
)
def test_what_another_language_would_have_is_told_of(text: str, told: str, expected: tuple[str, ...]) -> None:
    """Who writes SQL, Python or a date gets the word that AIP-160 has for it, or what the field takes."""
    with pytest.raises(FilterError, match=told) as caught:
        check(text, Model)
    assert caught.value.expected[:1] == expected


def test_a_long_line_is_shown_in_part() -> None:
    """An error in a long filter shows what is near."""
    with pytest.raises(FilterError) as caught:
        parse("a AND " * 1000 + "= b AND c" + " AND d" * 1000)
    assert len(str(caught.value)) < 400


@given(st.text(), st.data())
def test_the_caret_stands_under_its_place(text: str, data: st.DataObject) -> None:
    """Whatever stands before and behind, also where that has lines, or moves a cursor, of its own."""
    position = data.draw(st.integers(0, len(text)))
    shown, caret = str(FilterError("wrong", filter=text, position=position)).split("\n")[-2:]
    there = text[position : position + 1]
    assert caret.strip() == "^"
    assert f"{shown} "[len(caret) - 1] == (there if there and there.isprintable() else " ")
    assert shown.isprintable()


def test_not_as_a_function_is_explained() -> None:
    """NOT without a space is a call of a function, as in the standard's grammar, and the error says so."""
    with pytest.raises(FilterError, match="NOT must be followed by a space"):
        parse("NOT(a)").matches({})


# What somebody may send to hurt, each of them 10,000 deep or 100,000 long.
HOSTILE = {
    "parentheses": "(" * 10_000 + "a = 1" + ")" * 10_000,
    "open parentheses": "(" * 100_000,
    "NOT": "NOT " * 10_000 + "a",
    "NOT (": "NOT (" * 10_000 + "a" + ")" * 10_000,
    "minus": "-" * 100_000 + "a",
    "OR": " OR ".join(["a = 1"] * 10_000),
    "AND": " AND ".join(['a = "x"'] * 7_000),
    "dots": ".".join("a" * 10_000) + " = 1",
    "many dots": ".".join("a" * 50_000) + ":1",
    "dots and a parenthesis": "a." * 50_000 + "(",
    "sequence": " ".join("a" * 10_000),
    "spaces": "a" + " " * 100_000 + "b",
    "spaces at the end": "a" + " " * 100_000,
    "spaces before a comparator": "(a" + " " * 100_000 + "=",
    "a word": "a" * 100_000,
    "quotes": '"' * 100_001,
    "an open string": '"' + "a" * 100_000,
    "backslashes": '"' + "\\" * 99_999,
    "wildcards": 'a = "' + "*a" * 50_000 + '"',
    "arguments": "f(" + ",".join("a" * 10_000) + ")",
    "functions": "f(" * 10_000 + ")" * 10_000,
    "open functions": "f(" * 50_000,
    "digits": "a = " + "9" * 100_000,
    "exponent": "a = 1e" + "9" * 100_000,
    "colons": "a:" * 50_000,
    "lines": "a\n" * 10_000,
    "NUL": "\x00" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_end_at_once(text: str) -> None:
    """Long and deep texts end in an answer or an error, and so does everything that is done with what they parse to."""
    start = perf_counter()
    try:
        tree = parse(text)
        assert parse(str(tree)) == tree
        assert hash(pickle.loads(pickle.dumps(tree))) == hash(tree)
        tree.matches({"a": "a" * 1000 + "b"})
        check(tree, Model)
    except FilterError as error:
        assert len(str(error)) < 600
    assert perf_counter() - start < 20  # Seconds; the longest take one. Anything quadratic would take minutes.


def test_time_is_linear() -> None:
    """Twenty times the text takes some twenty times the time, and not four hundred."""
    parse("warm = up")

    def seconds(clauses: int) -> float:
        text = " AND ".join(["(a.b = 'x' OR -c:*)"] * clauses)
        start = perf_counter()
        parse(text)
        return perf_counter() - start

    assert min(seconds(2_000) for _ in range(3)) < 80 * min(seconds(100) for _ in range(5))


PIECES = [
    *"aAB1.-*()=!<>:,\"'\\ \n[é",
    *(" AND ", "AND", " OR ", "NOT ", "f(", "2025-01-01T00:00:00Z", "a = 1", "-2.5", '"x"'),
]
PIECED = st.lists(st.sampled_from(PIECES)).map("".join)


@given(text=PIECED | st.text())
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    """Nothing else comes of it; what is a filter renders to an equal one, and can be evaluated or is refused."""
    try:
        tree = parse(text)
        assert parse(str(tree)) == tree
        tree.matches({"a": 1, "A": ["B"], "B": {"a": "1"}})
        check(tree, Model)
    except FilterError as error:
        assert str(error)
        assert 0 <= error.position <= len(error.filter)


COLLECTION = Collection("aip160_cases.json", "FIREWORKS_GATEWAY_CASES")

# Where the standard says otherwise than the implementation that a case is from.
CONTRADICTED = {
    "`a != x` is true unless `a = x` is, with wildcards as without": {
        'a != "*.foo"',
        'name != "*.foo"',
    },
    "a field that has its default value, such as 0 or false, is not present": {"n:*", "b:*", "active:*"},
    "field names are on the left": {"2.5 >= 2.4", "-2.5 >= -2.4"},
    "factors side by side are joined by AND, not refused": {
        "New York Giants OR Yankees",
        "New York (Giants OR Yankees)",
        "a b AND c AND d",
        "(a b) AND c AND d",
    },
}
# Where it lets a service choose: what some implementation leaves out, or provides.
CHOSEN = {
    "of a literal alone, a service says where it searches; models have no such fields": {"somevalue"},
    "functions are the host's; here there are timestamp and duration": {
        "regex(m.key, '^.*prod.*$')",
        "math.mem('30mb')",
        "(endsWith(msg, 'world') AND retries < 10)",
        "expire_time > time.now()",
    },
    "texts, keys and enums may be with or without quotes, and their composites may be arguments": {
        'foo = "ACTIVE"',
        "array:somevalue",
        "sakv:somevalue",
        "foo=blah.baz",
        'foo:("somevalue")',
    },
    "the first value of an enum is a value": {"status = MYSTATUS_UNSPECIFIED"},
}
EXCUSED = {text for texts in (CONTRADICTED | CHOSEN).values() for text in texts}


def collected() -> list[Any]:
    """Return the cases of the collection, or none where it is absent."""
    cases = COLLECTION.section("cases")
    return [pytest.param(case, id=f"{number}-{case['stage']}") for number, case in enumerate(cases)]


def test_the_collection_is_run() -> None:
    """The cases of other implementations are there, or else this says where they would be found."""
    COLLECTION.skip_where_absent()
    assert len(collected()) > 100


@pytest.mark.parametrize("case", collected())
def test_a_case_of_the_collection(case: Mapping[str, Any]) -> None:
    """What others expect is what happens, but for what is listed with a reason above."""
    text, expected = text_of(case["expr"]), case["expect"] == "valid"
    if case["stage"] in ("check", "eval"):
        assert grammatical(text) or not expected
        model = declared_model(case.get("declared"))
        options = "needs evaluator options" in case.get("notes", "")
        if options or "CONFIGURATION-DEPENDENT" in case.get("notes", "") or text in EXCUSED:
            return
        if case["stage"] == "eval":
            assert evaluated(text, case) == case.get("matches", case.get("match_count"))
        elif model is not None:
            assert checks(text, model) == expected
    else:
        assert grammatical(text) == expected
        if case["stage"] == "unescape" and expected:
            assert parse(text) == filters.String(case["canonical"])


def text_of(expression: Any) -> str:
    """Return a filter's text; what is no UTF-8 is half characters, as in a query string that is none."""
    if isinstance(expression, str):
        return expression
    broken: str = expression["$bytes_latin1"]
    return broken.encode("latin-1").decode(errors="surrogateescape")


def grammatical(text: str) -> bool:
    """Say whether a text parses."""
    try:
        tree = parse(text)
    except FilterError:
        return False
    assert parse(str(tree)) == tree
    return True


def evaluated(text: str, case: Mapping[str, Any]) -> bool | int | None:
    """Return whether a case's object matches, or how many of its data set do; None where the filter is refused."""
    try:
        if "dataset" in case:
            sets = json.loads(COLLECTION.path.read_text(encoding="utf-8"))["datasets"]
            return sum(parse(text).matches(each) for each in sets[case["dataset"]])
        return parse(text).matches(numbered(case.get("target", {})))
    except FilterError:
        return None


def numbered(value: Any) -> Any:
    """Return a JSON value with the numbers that JSON lacks."""
    if isinstance(value, dict):
        return float(value["$num"]) if "$num" in value else {key: numbered(each) for key, each in value.items()}
    return [numbered(each) for each in value] if isinstance(value, list) else value


def checks(text: str, model: type[Message]) -> bool:
    """Say whether a filter fits a model."""
    try:
        return check(text, model).predicate() is not None
    except FilterError:
        return False


def declared_model(declared: Any) -> type[Message] | None:
    """Return a message with the fields that a case declares, or None where it has others than ours can be."""
    if not isinstance(declared, dict):
        return None
    columns = declared.get("columns")
    if columns is not None:
        names, kind = columns.split(": ", 1)
        declared = dict.fromkeys(names.split(","), kind)
    readers = {name: reader_of(kind) for name, kind in declared.items()}
    if None in readers.values() or any("." in name for name in readers):
        return None
    fields = {name: Field(name, reader, doc="") for name, reader in readers.items() if reader is not None}
    return cast("type[Message]", MessageType("Declared", (Message,), fields, generated=object))


def reader_of(kind: str) -> Reader[Any] | None:
    """Return how the value of a declared type is read."""
    if kind.startswith("enum{"):
        names = [name.split("(")[0] for name in kind[5:-1].split(",")]
        return Reader(str, "an enum's value", names[0], known={name: name for name in names})
    named: dict[str, Reader[Any]] = {
        "bool": Boolean,
        "string": String,
        "int": Integer64,
        "int64": Integer64,
        "float": Number,
        "timestamp": Timestamp,
        "repeated string": ListOf(String),
        "map<string,string>": MapOf(String),
        "map(typestring, typestring)": MapOf(String),
    }
    return named.get(kind.lower().removeprefix("type"))
