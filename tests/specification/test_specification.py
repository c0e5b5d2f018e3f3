"""`fireworks_gateway.specification` equals the document, and its messages decode like the generated classes."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_python_client.strings import snake_case

import fireworks_gateway
from fireworks_gateway import SPEC_VERSION, ListOperation, Message, Model, PartialDate, _openapi, specification
from fireworks_gateway._fields.kinds import Bytes, Integer64, Json, JsonObject
from fireworks_gateway._fields.messages import MessageName, fields_of
from fireworks_gateway.errors import RPC_CODES, StatusError
from fireworks_gateway.specification import LIST_MODELS
from fireworks_gateway.testing import FakeGateway, model_payload
from fireworks_gateway_openapi.types import UNSET
from tests.shared.documents import operation, published_document
from tests.shared.schema_values import GENERATED, MESSAGES, SCHEMAS, key_of, merge, payloads_of
from tools.specification.modules import RESERVED
from tools.specification.names import OF_EVERY_MESSAGE, STANDARD

DOCUMENT = published_document()
OPAQUE = (Bytes, Integer64, Json, JsonObject)
"""Kinds that the generated classes read otherwise: as text, as another number, or as one of several types."""


def assert_same(view: Any, generated: Any) -> None:
    """Compare the values of a message and of a generated object, all the way down."""
    match view:
        case Message():
            for name, field in fields_of(type(view)).items():
                if not is_opaque(field.kind):
                    assert_same(getattr(view, name), getattr(generated, generated_name(name, type(view))))
        case PartialDate():
            assert attrs.asdict(view) == {part: getattr(generated, part) or 0 for part in ("year", "month", "day")}
        case tuple():
            assert len(view) == len(generated)
            for one, other in zip(view, generated, strict=True):
                assert_same(one, other)
        case Mapping():
            assert view.keys() == generated.additional_properties.keys()
            for key, value in view.items():
                assert_same(value, generated.additional_properties[key])
        case None:
            assert generated is UNSET or generated is None
        case str() if isinstance(generated, UUID):
            assert view == str(generated)
        case Enum() | datetime() | str() | bool():
            assert view == generated
            assert isinstance(view, type(generated))
        case _:
            assert view == generated


def is_opaque(kind: Any) -> bool:
    """Return whether a kind, or that of its items or values, is opaque."""
    inner = getattr(kind, "items", None) or getattr(kind, "values", None)
    return isinstance(kind, OPAQUE) or (inner is not None and is_opaque(inner))


def generated_name(name: str, message: type[Message]) -> str:
    """Return the name of a field in the generated class; ours may have an underscore more."""
    return name if name in attrs.fields_dict(message._generated()) else name.removesuffix("_")


@given(st.data())
def test_a_message_and_its_generated_class_decode_the_same_values(data: st.DataObject) -> None:
    """For every message of the document, with nested messages and times; the message returns what it was given."""
    for message in GENERATED.values():
        payload = data.draw(payloads_of(key_of(message._generated())))
        view = message(json.loads(json.dumps(payload)))
        assert_same(view, message._generated().from_dict(json.loads(json.dumps(payload))))
        assert view.to_dict() == payload


@given(payloads_of("gatewayModel"))
def test_the_generated_model_writes_the_same_json(payload: dict[str, Any]) -> None:
    """Times may have another form."""
    model = Model(json.loads(json.dumps(payload)))
    assert with_times(model.generated.to_dict()) == with_times(payload)


def with_times(value: Any) -> Any:
    """Return JSON with each text that is a time as a time."""
    match value:
        case dict():
            return {key: with_times(each) for key, each in value.items()}
        case list():
            return [with_times(each) for each in value]
        case str() if "T" in value:
            with suppress(ValueError):
                return datetime.fromisoformat(value)
        case _:
            pass
    return value


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_has_the_properties_of_its_schema(name: str) -> None:
    """In the document's order and words, under the names of the generated class."""
    message = MESSAGES[name]
    schema = SCHEMAS[key_of(message._generated())]
    properties = merge([*schema.get("allOf", ()), schema])
    properties = properties.get("properties", {})
    fields = fields_of(message)
    assert [field.key for field in fields.values()] == list(properties)
    generated = {attribute.name for attribute in attrs.fields(message._generated()) if attribute.init}
    assert {generated_name(name, message) for name in fields} == generated
    for field in fields.values():
        text = " ".join((properties[field.key].get("description") or properties[field.key].get("title") or "").split())
        assert field.__doc__ == text or (not text and field.__doc__)


@pytest.mark.parametrize("kind", [kind for kind in _openapi.ENUM_TEXTS if key_of(kind)])
def test_an_enum_has_the_values_of_its_schema(kind: type[Enum]) -> None:
    """In the document's order, each with a description."""
    schema = SCHEMAS[key_of(kind)]
    assert list(_openapi.ENUM_TEXTS[kind]) == schema["enum"]
    assert {member.value for member in kind} == set(schema["enum"])
    for value, text in _openapi.ENUM_TEXTS[kind].items():
        assert text
        assert fireworks_gateway.describe(kind(value)) == text


def test_list_models_is_the_documents() -> None:
    """Its version, and its parameters under the document's names."""
    assert DOCUMENT["info"]["version"] == SPEC_VERSION
    known = {each["name"] for each in operation(DOCUMENT)["parameters"] if each["in"] == "query"}
    sent = LIST_MODELS.request({name: name for name in STANDARD})
    params = {snake_case(key): value for key, value in sent["params"].items()}
    assert {name: params[name] for name in params.keys() & STANDARD} == {
        name: name for name in STANDARD - {"account_id"}
    }
    assert sent["params"].keys() <= known
    assert LIST_MODELS.in_path == ("account_id",)
    assert set(LIST_MODELS.parameters) >= STANDARD
    assert set(LIST_MODELS.required) <= {"account_id", "page_size"}


def test_codes_have_the_numbers_of_google_rpc() -> None:
    """OK is 0 and UNAUTHENTICATED 16; all but OK have an error class, whose docstring gives the same HTTP status."""
    assert sorted(rpc.number for rpc in RPC_CODES.values()) == list(range(17))
    assert RPC_CODES[fireworks_gateway.Code.OK][:2] == (0, 200)
    assert RPC_CODES[fireworks_gateway.Code.UNAUTHENTICATED][:2] == (16, 401)
    assert [code for code, rpc in RPC_CODES.items() if rpc.error is StatusError] == [fireworks_gateway.Code.OK]
    for code in RPC_CODES.keys() - {fireworks_gateway.Code.OK}:
        assert (RPC_CODES[code].error.__doc__ or "").startswith(f"{code}, {RPC_CODES[code].http_status}")
        described = re.search(r"HTTP Mapping: (\d+)", fireworks_gateway.describe(code))
        assert described is None or int(described[1]) == RPC_CODES[code].http_status


def test_an_unset_model_is_printed_whole() -> None:
    """The fake's payloads have every property in the document's order."""
    payload = model_payload()
    assert list(payload) == list(SCHEMAS["gatewayModel"]["properties"])
    assert not Model(payload)


def test_no_attribute_hides_one_of_every_message() -> None:
    """The writer reserves the names of `Message`, and those that the bodies of its subclasses use."""
    every = {name for kind in (Message, MessageName) for name in dir(kind) if not name.startswith("_")}
    assert every | {"generated"} == OF_EVERY_MESSAGE
    used = {name for name in vars(specification) if name.isidentifier() and not name.startswith("_")}
    assert used - set(specification.__all__) - {"annotations"} <= RESERVED


def test_the_namespace_is_public_and_documented() -> None:
    """Every message and operation has words; `__all__` has all of them."""
    operations = {name for name, each in vars(specification).items() if isinstance(each, ListOperation)}
    assert {*MESSAGES, *operations} <= set(specification.__all__)
    assert [name for name, each in MESSAGES.items() if not each.__doc__] == []


def test_any_operation_is_listed_as_models_are() -> None:
    """`client.models.list` is `client.list` with another class of items; a bookmark of one resumes the other."""
    gateway = FakeGateway(5)
    with gateway.client() as client:
        pager = client.list(LIST_MODELS.of(Model))
        assert pager == client.models.list()
        assert pager.to_list() == client.models.list().to_list()
        items = client.list(LIST_MODELS)
        assert {type(item) for item in items} == {specification.ModelFields}
        assert [dict(row) for row in items.rows()] == [model.to_row() for model in client.models.list()]
        steps = iter(client.list(LIST_MODELS))
        first = next(steps)
        assert [first.name, *(m.name for m in client.models.list().resume(steps.bookmark))] == [m.name for m in items]
    assert len({request.target for request in gateway.requests}) == 1
