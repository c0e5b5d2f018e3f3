"""Orders (AIP-132), names (AIP-122) and masks (AIP-161), by the cases of other implementations.

Their messages and names have stand-ins here.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, cast

import pytest

from fireworks_gateway import AccountName, BoolField, ConfigurationError, Field, Message, MessageField, ModelName
from fireworks_gateway._fields.kinds import ListOf, MapOf, MessageOf, String
from fireworks_gateway._fields.orders import order_keys, parse_order
from fireworks_gateway.testing._queries import compile_mask
from tests.shared.collections_of_cases import CaseFile

COLLECTION = CaseFile("orderby_name_mask_cases.json", "FIREWORKS_GATEWAY_STANDARD_CASES")


# Orders.


@pytest.mark.parametrize("case", COLLECTION.section("order_by"))
def test_an_order_of_the_collection(case: Mapping[str, Any]) -> None:
    """Its terms are as expected; or it is refused, even by a message with all the fields that it names."""
    if case["expect"] == "valid":
        expected = [(names_in(field["path"]), field["desc"]) for field in case["fields"]]
        assert parse_order(case["expr"]) == expected
        assert len(order_keys(case["expr"], message_with([path for path, _ in expected]))) == len(expected)
    else:
        with pytest.raises(ValueError, match="order_by"):
            order_keys(case["expr"], message_with(paths_there(case)))


def names_in(path: str | list[str]) -> tuple[str, ...]:
    """Return the names in a path that a case expects."""
    return tuple(path.split(".") if isinstance(path, str) else path)


def paths_there(case: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the paths of a refused order, except the one that its error calls unknown."""
    try:
        paths = [cast("tuple[str, ...]", path) for path, _ in parse_order(case["expr"])]
    except ValueError:
        return []
    absent = re.search(r'(?:invalid field path:|no sortable field named) "?([\w.]+)', case["error"])
    return [path for path in paths if absent is None or ".".join(path) != absent[1]]


def message_with(paths: Collection[tuple[str, ...]]) -> type[Message]:
    """Return a message with strings at some paths."""
    below = {first: [path[1:] for path in paths if path[0] == first and path[1:]] for first, *_ in paths}
    return declared(
        {
            name: MessageField(name, partial(message_with, rest), doc="") if rest else Field(name, String(), doc="")
            for name, rest in below.items()
        }
    )


def declared(fields: Mapping[str, Field[Any] | MessageField[Any]]) -> type[Message]:
    """Return a message with some fields."""
    return types.new_class("Declared", (Message,), {"generated": object}, lambda body: body.update(fields))


# Names. Other implementations have names of any pattern; here there are two.

OURS: Mapping[int, tuple[type[AccountName | ModelName], tuple[str, ...]]] = {
    1: (AccountName, ("accounts",)),
    2: (ModelName, ("accounts", "models")),
}
PATTERN = re.compile(r"[a-z]+/\{\w+\}(/[a-z]+/\{\w+\})?").fullmatch
SERVICE = re.compile(r"(//[^/]*/)?(.*)", re.DOTALL).fullmatch


def parsed(name: str, collections: Iterable[str]) -> AccountName | ModelName | None:
    """Return the parsed name, after its collections are renamed to ours."""
    collections = list(collections)
    kind, ours = OURS[len(collections)]
    service, path = split(name)
    segments = path.split("/")
    for place, (theirs, our) in enumerate(zip(collections, ours, strict=True)):
        if segments[2 * place : 2 * place + 1] == [theirs]:
            segments[2 * place] = our
    try:
        return kind.parse(service + "/".join(segments))
    except ConfigurationError:
        return None


def split(name: str) -> tuple[str, str]:
    """Return the service of a full name, with its slashes, and the rest."""
    match = SERVICE(name)
    assert match is not None
    return match[1] or "", match[2]


def is_scanned(case: Mapping[str, Any]) -> bool:
    """Return whether a name has a pattern and the expected ids."""
    name = parsed(case["input"], case["pattern"].split("/")[::2])
    ids = [name.account_id, *([name.model_id] if isinstance(name, ModelName) else [])] if name is not None else []
    return name is not None and ids == list(case["vars"].values())


def has_parent(case: Mapping[str, Any]) -> bool:
    """Return whether a model is in an account."""
    collections = split(case["name"])[1].split("/")[::2]
    name, parent = parsed(case["name"], collections), parsed(case["parent"], collections[:1])
    return name is not None and parent is not None and name.account_id == parent.account_id


def are_ids(name: str) -> bool:
    """Return whether every part of a name can be an id."""
    service, path = split(name)
    return all(parsed(f"{service}a/{segment}", ["a"]) is not None for segment in path.split("/"))


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "resource_name": lambda case: are_ids(case["input"]),
    "user_settable_id": lambda case: parsed(f"a/{case['input']}", ["a"]) is not None,
    "match": lambda case: parsed(case["name"], case["pattern"].split("/")[::2]) is not None,
    "scan": is_scanned,
    "has_parent": has_parent,
}
EXCUSED: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "nobody writes a pattern here": lambda case: case["kind"] == "pattern",
    "there are names of accounts and of models, and of no other pattern": lambda case: (
        case["kind"] in ("match", "scan") and not PATTERN(case["pattern"])
    ),
    "a name has no slash before it (AIP-122)": lambda case: (
        case["kind"] in ("match", "scan") and re.match("/[^/]", case.get("input") or case["name"])
    ),
    "of letters and lengths the service is the judge; an id that a path can hold is sent": lambda case: (
        case["kind"] == "user_settable_id" and case["expect"] == "invalid" and re.fullmatch(r"[\w-]+", case["input"])
    ),
    "the parent of a model is one account, and neither has revisions": lambda case: (
        case["kind"] == "has_parent"
        and not (re.fullmatch(r"\w+/\w+", case["parent"]) and re.fullmatch(r"(//[^/]+/)?\w+(/\w+){3}", case["name"]))
    ),
}


@pytest.mark.parametrize("case", COLLECTION.section("resource_names"))
def test_a_name_of_the_collection(case: Mapping[str, Any]) -> None:
    """Our names behave as expected, except where a reason is listed above."""
    if not any(applies(case) for applies in EXCUSED.values()):
        assert CHECKS[case["kind"]](case) == (case["expect"] in ("valid", True))


# Masks.


class Author(Message, generated=object):
    given_name = Field("givenName", String(), doc="")
    family_name = Field("familyName", String(), doc="")


class ReviewedBook(Message, generated=object):
    """The book of AIP-161, which has a map and a repeated field."""

    name = Field("name", String(), doc="")
    author = MessageField("author", lambda: Author, doc="")
    authors = Field("authors", ListOf(MessageOf(lambda: Author)), doc="")
    reviews = Field("reviews", MapOf(String()), doc="")


class Book(Message, generated=object):
    name = Field("name", String(), doc="")
    author = Field("author", String(), doc="")
    title = Field("title", String(), doc="")
    read = BoolField("read", doc="")


class CreateBookRequest(Message, generated=object):
    parent = Field("parent", String(), doc="")
    book = MessageField("book", lambda: Book, doc="")


MESSAGES: Mapping[str, type[Message]] = {"": ReviewedBook, "Book": Book, "CreateBookRequest": CreateBookRequest}
A_BOOK: dict[str, Any] = {
    "name": "n",
    "author": {"givenName": "g", "familyName": "f"},
    "authors": [{"givenName": "g", "familyName": "f"}],
    "reviews": {"smith": "s", "John Smith": "js"},
}


@pytest.mark.parametrize("case", COLLECTION.section("field_masks"))
def test_a_mask_of_the_collection(case: Mapping[str, Any]) -> None:
    """A valid mask masks, and an invalid one is refused."""
    text = case["mask"] if "mask" in case else ",".join(case["paths"] or [])
    message = MESSAGES[case.get("message", "")]
    if case["expect"] == "valid":
        masked = compile_mask(text, message)(A_BOOK)
        assert compile_mask(text, message)(masked) == masked
    else:
        with pytest.raises(ValueError, match="read_mask"):
            compile_mask(text, message)


class Line(Message, generated=object):
    amount = Field("amount", String(), doc="")
    unit = Field("unit", String(), doc="")


class Bill(Message, generated=object):
    lines = Field("lines", MapOf(MessageOf(lambda: Line)), doc="")


def test_parts_of_the_messages_in_a_map() -> None:
    """A part is kept if any path leads to it: under one key, under every key, or both."""
    lines = {key: {"amount": f"{key}1", "unit": f"{key}2"} for key in "ab"}

    def shown(mask: str) -> Any:
        return compile_mask(mask, Bill)({"lines": lines})["lines"]

    assert shown("lines.a") == {"a": lines["a"]}
    assert shown("lines.a.unit") == {"a": {"amount": "", "unit": "a2"}}
    assert shown("lines.*.unit") == {key: {"amount": "", "unit": f"{key}2"} for key in "ab"}
    assert shown("lines.*.unit,lines.a.amount") == {"a": lines["a"], "b": {"amount": "", "unit": "b2"}}
    assert shown("lines.a,lines.*.unit") == {"a": lines["a"], "b": {"amount": "", "unit": "b2"}}
