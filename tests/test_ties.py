"""What ties the wrapper to the specification and the generated code, so that a new document cannot drift them apart."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import attrs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import fireworks_gateway
from fireworks_gateway import SPEC_VERSION, Model, Page, PartialDate, _generated, describe
from fireworks_gateway._enums import RPC_CODES
from fireworks_gateway._fields import Message, fields_of
from fireworks_gateway._meanings import MEANINGS
from fireworks_gateway._shapes import endpoint_of
from fireworks_gateway.testing import model_payload
from tools.declarations import DOCUMENT, attribute_of, class_name_of, declaration_of, meanings_of, schemas, text_of

SCHEMAS = schemas()
ENUMS = {key: schema for key, schema in SCHEMAS.items() if "enum" in schema}
PAGE, DATE = "gatewayListModelsResponse", "typeDate"
MESSAGES = {key: schema for key, schema in SCHEMAS.items() if key not in {*ENUMS, PAGE, DATE}}


def view_of(key: str) -> type[Message]:
    """Return the wrapper's class for a schema."""
    view: type[Message] = getattr(fireworks_gateway, class_name_of(key))
    return view


def generated_of(key: str) -> type[Any]:
    """Return the generated class for a schema."""
    found: type[Any] | None = view_of(key)._generated
    assert found is not None
    return found


def sample_of(schema: Mapping[str, Any]) -> Any:
    """Return a value other than the default for a property."""
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        target = SCHEMAS[key]
        return target["enum"][-1] if "enum" in target else full_payload(key)
    match schema:
        case {"type": "array", "items": items}:
            return [sample_of(items)]
        case {"type": "object", "additionalProperties": values}:
            return {"key": sample_of(values)}
        case {"format": "date-time"}:
            return "2026-02-14T10:20:30.123456Z"
        case {"format": "int64"}:
            return "9007199254740993"
        case _:
            return {"string": "text", "integer": 7, "boolean": True, "number": 0.5}[schema["type"]]


def full_payload(key: str) -> dict[str, Any]:
    """Return an object of a schema with every property set."""
    return {name: sample_of(schema) for name, schema in SCHEMAS[key].get("properties", {}).items()}


@pytest.mark.parametrize("key", MESSAGES)
def test_every_property_has_its_field(key: str) -> None:
    """Each property of the document is declared, in its order; the failure prints the lines to add."""
    declared = [field.key for field in fields_of(view_of(key)).values()]
    properties = SCHEMAS[key].get("properties", {})
    missing = [declaration_of(name, schema) for name, schema in properties.items() if name not in declared]
    assert not missing, f"add to {class_name_of(key)}:\n" + "\n".join(missing)
    assert declared == list(properties), f"{class_name_of(key)} declares what the document lacks, or in another order"


@pytest.mark.parametrize("key", MESSAGES)
def test_every_generated_attribute_has_its_field(key: str) -> None:
    """A field is called as the generated attribute is, and has the JSON key that `to_dict` writes for it."""
    generated = generated_of(key)
    instance = generated.from_dict(full_payload(key))
    fields = fields_of(view_of(key))
    attributes = [attribute.name for attribute in attrs.fields(generated) if attribute.init]
    assert attributes == list(fields) or set(attributes) == set(fields)
    for name in attributes:
        written = attrs.evolve(instance, **{each: _generated_unset() for each in attributes if each != name})
        assert fields[name].key in {k for k, v in written.to_dict().items() if v is not _generated_unset()}


def _generated_unset() -> Any:
    from fireworks_gateway_openapi.types import UNSET

    return UNSET


@pytest.mark.parametrize("key", MESSAGES)
def test_a_field_reads_what_the_generated_class_reads(key: str) -> None:
    """Value by value and type by type, with every property set."""
    payload = full_payload(key)
    assert_same(view_of(key)(payload), generated_of(key).from_dict(payload))


def assert_same(view: Any, generated: Any) -> None:
    """Compare what a view and a generated object say, all the way down."""
    match view:
        case Message():
            for name in fields_of(type(view)):
                assert_same(getattr(view, name), getattr(generated, name))
        case PartialDate():
            assert attrs.asdict(view) == {part: getattr(generated, part) or 0 for part in ("year", "month", "day")}
        case tuple():
            assert len(view) == len(generated)
            for one, other in zip(view, generated, strict=True):
                assert_same(one, other)
        case Mapping():
            assert dict(view) == generated.additional_properties
        case None:
            assert generated is _generated_unset()
        case StrEnum() | datetime() | str() | bool():
            assert view == generated
            assert isinstance(view, type(generated))
        case _:
            assert str(view) == str(generated)  # The generated code leaves an int64 a string.


def values_of(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Return what a property may hold, as the document has it."""
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        if key == DATE:
            days = st.dates().map(lambda day: {"year": day.year, "month": day.month, "day": day.day})
            return days | st.builds(lambda year: {"year": year}, st.integers(1, 9999))
        target = SCHEMAS[key]
        return st.sampled_from(target["enum"]) if "enum" in target else payloads_of(key)
    match schema:
        case {"type": "array", "items": items}:
            return st.lists(values_of(items), max_size=2)
        case {"type": "object", "additionalProperties": values}:
            return st.dictionaries(st.text(max_size=3), values_of(values), max_size=2)
        case {"format": "date-time"}:
            return st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC)).map(
                lambda at: at.isoformat().replace("+00:00", "Z")
            )
        case {"format": "int64"}:
            return st.integers(-(2**63), 2**63 - 1).map(str)
        case _:
            return {
                "string": st.text(max_size=4),
                "integer": st.integers(-(2**31), 2**31 - 1),
                "boolean": st.booleans(),
                "number": st.floats(allow_nan=False, allow_infinity=False),
            }[schema["type"]]


def payloads_of(key: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a schema, with what it requires and any of the rest."""
    required = SCHEMAS[key].get("required", [])
    properties = {name: values_of(schema) for name, schema in SCHEMAS[key].get("properties", {}).items()}
    mandatory = {name: values for name, values in properties.items() if name in required}
    return st.fixed_dictionaries(
        mandatory, optional={name: values for name, values in properties.items() if name not in required}
    )


@given(payloads_of("gatewayModel"))
def test_view_and_generated_decode_agree(payload: dict[str, Any]) -> None:
    """Whatever a model says within the document, both halves read the same, and both give it back as it came."""
    model = Model(json.loads(json.dumps(payload)))
    assert_same(model, _generated.GatewayModel.from_dict(payload))
    assert model.to_dict() == payload
    assert _same_times(model.generated.to_dict()) == _same_times(payload)


def _same_times(payload: dict[str, Any]) -> dict[str, Any]:
    # The generated code writes a time its own way.
    times = {k: datetime.fromisoformat(v) for k, v in payload.items() if k in {"createTime", "updateTime"}}
    return payload | times


def test_every_property_of_the_list_response_is_on_a_page() -> None:
    """The response's three properties are a page's items, next_page_token and total_size."""
    assert list(SCHEMAS[PAGE]["properties"]) == ["models", "nextPageToken", "totalSize"]
    names = {attribute.name for attribute in attrs.fields(_generated.GatewayListModelsResponse) if attribute.init}
    assert names - {attribute.name for attribute in attrs.fields(Page)} == {"models"}


def test_every_part_of_a_date_is_on_a_partial_date() -> None:
    """A date's three properties are a partial date's."""
    assert [attribute.name for attribute in attrs.fields(PartialDate)] == list(SCHEMAS[DATE]["properties"])
    assert {attribute.name for attribute in attrs.fields(_generated.TypeDate) if attribute.init} == {
        "year",
        "month",
        "day",
    }


def test_every_schema_is_tied_by_one_of_these() -> None:
    """Enums, messages, the page and the date; each enum and message has a public name."""
    assert len(SCHEMAS) == len(ENUMS) + len(MESSAGES) + 2
    assert ENUMS
    assert MESSAGES
    assert {class_name_of(key) for key in [*ENUMS, *MESSAGES, DATE]} <= set(fireworks_gateway.__all__)


@pytest.mark.parametrize("key", ENUMS)
def test_descriptions_are_the_specifications(key: str) -> None:
    """Every value has a description, the specification's where it has one; values are in the specification's order."""
    kind: type[StrEnum] = getattr(fireworks_gateway, class_name_of(key))
    assert list(MEANINGS[kind]) == ENUMS[key]["enum"]
    assert {member.value for member in kind} == set(ENUMS[key]["enum"])
    for value, text in meanings_of(ENUMS[key]).items():
        assert describe(kind(value))
        assert describe(kind(value)) == text or not text


@pytest.mark.parametrize("key", ENUMS)
def test_the_first_value_is_the_unset_one(key: str) -> None:
    """The document's default is the value that an unset field is printed as."""
    assert next(iter(MEANINGS[getattr(fireworks_gateway, class_name_of(key))])) == ENUMS[key]["default"]


@pytest.mark.parametrize("key", MESSAGES)
def test_documentation_begins_with_the_specifications(key: str) -> None:
    """A field says what the specification says of it, and maybe more; where that is silent, it is not."""
    for field in fields_of(view_of(key)).values():
        assert field.__doc__
        assert field.__doc__.startswith(text_of(SCHEMAS[key]["properties"][field.key]))


def test_the_version_and_the_server_are_the_documents() -> None:
    """`SPEC_VERSION` and the default address are those of the checked-in document."""
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    assert document["info"]["version"] == SPEC_VERSION
    assert [server["url"] for server in document["servers"]] == [_generated.DEFAULT_BASE_URL]


def test_the_parameters_are_the_documents() -> None:
    """Each query parameter of the document can be asked by, under the standard's name."""
    parameters = yaml.safe_load(DOCUMENT.read_text())["paths"]["/v1/accounts/{account_id}/models"]["get"]["parameters"]
    names = {attribute_of(each["name"]): each["name"] for each in parameters if each["in"] == "query"}
    endpoint = endpoint_of(_generated.list_models)
    assert endpoint is not None
    arguments = {argument: name for name, argument in endpoint.query.items()}
    sent = _generated.request_from(_generated.list_models, {"account_id": "a", **arguments})
    assert sent["params"] == {key: name for name, key in names.items()}


def test_codes_have_their_rpc_numbers() -> None:
    """OK is 0 and UNAUTHENTICATED 16, as in google.rpc.Code."""
    assert [code.value for code in RPC_CODES[:8]] == [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
    ]
    assert (len(RPC_CODES), RPC_CODES[8], RPC_CODES[16]) == (17, "RESOURCE_EXHAUSTED", "UNAUTHENTICATED")


def test_an_unset_model_is_printed_whole() -> None:
    """The sample's payloads have every property in the document's order, null for messages and times alone."""
    payload = model_payload()
    properties = SCHEMAS["gatewayModel"]["properties"]
    assert list(payload) == list(properties)
    nulls = {key for key, value in payload.items() if value is None}
    objects = {
        key
        for key, each in properties.items()
        if "$ref" in each and "enum" not in SCHEMAS[each["$ref"].rpartition("/")[2]]
    }
    assert nulls == objects | {"createTime", "updateTime"}
    assert not Model(payload)


def calls_in(source: str) -> dict[str, str]:
    """Return what each name of a class body is declared as, without its documentation."""
    body = ast.parse(textwrap.dedent(source)).body
    declared = [node for node in body if isinstance(node, ast.AnnAssign)]
    return {
        ast.unparse(node.target): " ".join(map(ast.unparse, (node.annotation, call.func, *call.args)))
        for node in declared
        if isinstance(call := node.value, ast.Call)
    }


@pytest.mark.parametrize("key", MESSAGES)
def test_proposed_declarations_are_those_that_stand(key: str) -> None:
    """The lines that a missing property would be proposed with are, for those that stand, what stands."""
    proposed = "\n".join(declaration_of(name, schema) for name, schema in SCHEMAS[key].get("properties", {}).items())
    declaring = next(kind for kind in view_of(key).__mro__ if "_fields" in vars(kind))
    standing = inspect.getsource(declaring).partition('"""\n\n    __slots__ = ()\n')[2].partition("    @property")[0]
    assert calls_in(proposed) == calls_in(standing)
