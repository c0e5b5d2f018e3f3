"""Orders (AIP-132), names (AIP-122) and masks (AIP-161), by the cases of other implementations, with stand-ins."""

import re
import types
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, cast

import pytest

from fireworks_gateway import AccountName, BoolField, ConfigurationError, Field, Message, MessageField
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
        paths = [each["path"].split(".") if isinstance(each["path"], str) else each["path"] for each in case["fields"]]
        expected = [(tuple(path), field["desc"]) for path, field in zip(paths, case["fields"], strict=True)]
        assert parse_order(case["expr"]) == expected
        assert len(order_keys(case["expr"], message_with([path for path, _ in expected]))) == len(expected)
    else:
        with pytest.raises(ValueError, match="order_by"):
            order_keys(case["expr"], message_with(paths_there(case)))


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
    fields: dict[str, Any] = {
        name: MessageField(name, partial(message_with, rest), doc="") if rest else Field(name, String(), doc="")
        for name, rest in below.items()
    }
    return types.new_class("Declared", (Message,), {"generated": object}, lambda body: body.update(fields))


# Names, of which one segment is an ID.


def is_id(segment: str, service: str = "") -> bool:
    """Return whether a text can be the ID of an account."""
    try:
        return AccountName.parse(f"{service}accounts/{segment}").account_id == segment
    except ConfigurationError:
        return False


@pytest.mark.parametrize("case", COLLECTION.section("resource_names"))
def test_a_name_of_the_collection(case: Mapping[str, Any]) -> None:
    """The service judges letters and lengths: an ID that fits in a path is sent. There are no patterns here."""
    if case["kind"] == "resource_name":
        service = (re.match("//[^/]*/", case["input"]) or [""])[0]
        segments = case["input"].removeprefix(service).split("/")
        assert all(is_id(segment, service) for segment in segments) == (case["expect"] == "valid")
    elif case["kind"] == "user_settable_id" and not re.fullmatch(r"[\w-]+", case["input"]):
        assert is_id(case["input"]) == (case["expect"] == "valid")


# Masks.


class Author(Message):
    given_name = Field("givenName", String(), doc="")
    family_name = Field("familyName", String(), doc="")


class ReviewedBook(Message):
    """The book of AIP-161, which has a map and a repeated field."""

    name = Field("name", String(), doc="")
    author = MessageField("author", lambda: Author, doc="")
    authors = Field("authors", ListOf(MessageOf(lambda: Author)), doc="")
    reviews = Field("reviews", MapOf(String()), doc="")


class Book(Message):
    name = Field("name", String(), doc="")
    author = Field("author", String(), doc="")
    title = Field("title", String(), doc="")
    read = BoolField("read", doc="")


class CreateBookRequest(Message):
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


class Line(Message):
    amount = Field("amount", String(), doc="")
    unit = Field("unit", String(), doc="")


class Bill(Message):
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
