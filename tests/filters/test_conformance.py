"""The cases of other implementations, from a collection outside this repository."""

import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

import pytest

from fireworks_gateway import Field, Message, check_filter
from fireworks_gateway._fields.dates import Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.kinds import Boolean, Integer64, Kind, ListOf, MapOf, Number, String
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import String as StringLiteral
from fireworks_gateway.filters import parse
from tests.shared.collections_of_cases import CaseFile

COLLECTION = CaseFile("aip160_cases.json", "FIREWORKS_GATEWAY_CASES")

# Filters that the standard and the implementation of a case treat differently.
CONTRADICTED = {
    "`a != x` is true unless `a = x` is, with wildcards as without": {'a != "*.foo"', 'name != "*.foo"'},
    "a field that has its default value, such as 0 or false, is not present": {"n:*", "b:*", "active:*"},
    "the left side is a field name": {"2.5 >= 2.4", "-2.5 >= -2.4"},
    "factors side by side are valid, and joined by AND": {
        "New York Giants OR Yankees",
        "New York (Giants OR Yankees)",
        "a b AND c AND d",
        "(a b) AND c AND d",
    },
}
# Filters that the standard lets a service choose about.
CHOSEN = {
    "a service defines the fields in which it searches for a literal alone; models have no such fields": {"somevalue"},
    "a service defines its functions; here they are timestamp and duration": {
        "regex(m.key, '^.*prod.*$')",
        "math.mem('30mb')",
        "(endsWith(msg, 'world') AND retries < 10)",
        "expire_time > time.now()",
    },
    "texts, keys and enums have optional quotes, and arguments can be composites of them": {
        'foo = "ACTIVE"',
        "array:somevalue",
        "sakv:somevalue",
        "foo=blah.baz",
        'foo:("somevalue")',
    },
    "the first value of an enum is valid": {"status = MYSTATUS_UNSPECIFIED"},
}
EXCUSED = {text for texts in (CONTRADICTED | CHOSEN).values() for text in texts}


@pytest.mark.parametrize("case", COLLECTION.section("cases"))
def test_a_case_of_the_collection(case: Mapping[str, Any]) -> None:
    """The result is that of the other implementation, except for the filters that are listed above."""
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
            assert parse(text) == StringLiteral(case["canonical"])


def text_of(expression: Any) -> str:
    """Return the text of a filter; invalid UTF-8 becomes lone surrogates, as in a query string."""
    if isinstance(expression, str):
        return expression
    broken: str = expression["$bytes_latin1"]
    return broken.encode("latin-1").decode(errors="surrogateescape")


def grammatical(text: str) -> bool:
    """Return whether a text parses."""
    try:
        tree = parse(text)
    except FilterError:
        return False
    assert parse(str(tree)) == tree
    return True


def evaluated(text: str, case: Mapping[str, Any]) -> bool | int | None:
    """Return whether the object of a case matches, or the number of matches in its data set; None for an error."""
    try:
        if "dataset" in case:
            sets = json.loads(COLLECTION.path.read_text(encoding="utf-8"))["datasets"]
            return sum(parse(text).matches(each) for each in sets[case["dataset"]])
        return parse(text).matches(numbered(case.get("target", {})))
    except FilterError:
        return None


def numbered(value: Any) -> Any:
    """Return a JSON value with its infinite and undefined numbers."""
    if isinstance(value, dict):
        return float(value["$num"]) if "$num" in value else {key: numbered(each) for key, each in value.items()}
    return [numbered(each) for each in value] if isinstance(value, list) else value


def checks(text: str, model: type[Message]) -> bool:
    """Return whether a filter passes the check for a message."""
    try:
        return check_filter(text, model).predicate() is not None
    except FilterError:
        return False


def declared_model(declared: Any) -> type[Message] | None:
    """Return a message with the fields that a case declares, or None for fields of other types."""
    if not isinstance(declared, dict):
        return None
    columns = declared.get("columns")
    if columns is not None:
        names, kind = columns.split(": ", 1)
        declared = dict.fromkeys(names.split(","), kind)
    kinds = {name: kind_of(kind) for name, kind in declared.items()}
    if None in kinds.values() or any("." in name for name in kinds):
        return None
    fields = {name: Field(name, kind, doc="") for name, kind in kinds.items() if kind is not None}
    return types.new_class("Declared", (Message,), {"generated": object}, lambda body: body.update(fields))


def kind_of(kind: str) -> Kind[Any] | None:
    """Return the kind of a declared type, or None for another type."""
    if kind.startswith("enum{"):
        names = [name.split("(")[0] for name in kind[5:-1].split(",")]
        return OpenEnum[Any](cast("Any", Enum("Declared", {name: name for name in names})), names[0])
    named: dict[str, Kind[Any]] = {
        "bool": Boolean(),
        "string": String(),
        "int": Integer64(),
        "int64": Integer64(),
        "float": Number(),
        "timestamp": Timestamp(),
        "repeated string": ListOf(String()),
        "map<string,string>": MapOf(String()),
        "map(typestring, typestring)": MapOf(String()),
    }
    return named.get(kind.lower().removeprefix("type"))
