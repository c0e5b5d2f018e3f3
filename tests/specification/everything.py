"""Walk two pages of every list operation, sync and async, and read every field. Run in the tree that it tests.

Prints the names of the operations and the number of fields as JSON.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from fireworks_gateway import AsyncGatewayClient, GatewayClient, ListOperation, Message, specification
from fireworks_gateway._fields import kinds
from fireworks_gateway._fields.dates import Date, PartialDate, Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway._model import to_generated
from fireworks_gateway.testing import FaultServer, Reply, Request
from fireworks_gateway_openapi.types import UNSET

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
SAMPLES: list[tuple[Any, Any, Any]] = [
    (kinds.String, "text", "text"),
    (kinds.Boolean, True, True),
    (kinds.Integer, 7, 7),
    (kinds.Integer64, "9007199254740993", 9007199254740993),
    (kinds.Number, 0.5, 0.5),
    (kinds.Bytes, "_-8", b"\xff\xef"),
    (kinds.Day, "2026-02-14", date(2026, 2, 14)),
    (kinds.Json, {"any": {}}, {"any": {}}),
    (kinds.JsonObject, {"any": ["thing"]}, {"any": ["thing"]}),
    (Timestamp, "2026-02-14T12:00:00Z", NOON),
    (Date, {"year": 2026, "month": 2, "day": 14}, PartialDate(2026, 2, 14)),
]
CELLS = {str, int, float, bool, datetime, list, type(None)}
OPERATIONS = {name: each for name, each in vars(specification).items() if isinstance(each, ListOperation)}
read_fields: list[str] = []


def sample(kind: Any, depth: int) -> Any:
    """Return a JSON value of a kind; messages end at a depth, since they may contain themselves."""
    if isinstance(kind, kinds.MessageOf):
        return payload(kind.message, depth + 1) if depth < 2 else {}
    if isinstance(kind, kinds.ListOf):
        return [sample(kind.items, depth)]
    if isinstance(kind, kinds.MapOf):
        return {"key": sample(kind.values, depth)}
    if isinstance(kind, OpenEnum):
        return list(kind.members)[-1]
    return next(value for known, value, _ in SAMPLES if known is type(kind))


def payload(message: type[Message], depth: int = 0) -> dict[str, Any]:
    """Return a JSON object with every field of a message."""
    return {field.key: sample(field.kind, depth) for field in fields_of(message).values()}


def check(value: Any, kind: Any, sent: Any) -> None:
    """Fail if a decoded value is not that of its kind for the JSON."""
    if isinstance(kind, kinds.MessageOf):
        read(value, sent)
    elif isinstance(kind, kinds.ListOf):
        for each, item in zip(value, sent, strict=True):
            check(each, kind.items, item)
    elif isinstance(kind, kinds.MapOf):
        assert value.keys() == sent.keys()
        check(value["key"], kind.values, sent["key"])
    elif isinstance(kind, OpenEnum):
        assert value is kind.members[sent]
    else:
        assert value == next(expected for known, _, expected in SAMPLES if known is type(kind))


def read(message: Any, sent: dict[str, Any]) -> None:
    """Read every field of a message, find it by its path on the class, and compare it with the generated class."""
    fields = fields_of(type(message))
    for name, field in fields.items():
        read_fields.append(field.path)
        if field.key in sent:
            check(getattr(message, name), field.kind, sent[field.key])
        assert str(getattr(type(message), name)).endswith(field.path), name
    try:
        generated = type(message)._generated().from_dict(json.loads(json.dumps(sent)))
    except (KeyError, ValueError) as error:  # An empty message that requires a field, or another constant.
        assert not sent or "must match const" in str(error)
    else:
        compare(message, generated)
        if "to_dict" not in attrs.fields_dict(type(generated)):  # A property of that name hides the method.
            assert plain(to_generated(message).to_dict()) == plain(sent)
    assert message.to_dict() == sent
    assert not message.unknown_fields


def plain(value: Any) -> Any:
    """Return JSON with numbers as text, and times in one form."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value).replace("+00:00", "Z")


def compare(message: Any, generated: Any) -> None:
    """Fail if a message and the generated object read a value differently."""
    sent = {name: field for name, field in fields_of(type(message)).items() if field.key in message.payload}
    for name, field in sent.items():
        theirs = getattr(generated, name if hasattr(generated, name) else name.removesuffix("_"), UNSET)
        compound = isinstance(field.kind, (kinds.MessageOf, kinds.ListOf, kinds.MapOf))
        if not compound and type(field.kind) not in (kinds.Json, kinds.JsonObject, kinds.Bytes, kinds.Integer64, Date):
            ours = getattr(message, name)
            assert ours == theirs or str(ours) == str(theirs), (name, ours, theirs)
        elif isinstance(field.kind, Date):
            assert attrs.asdict(getattr(message, name)) == {
                part: getattr(theirs, part) for part in ("year", "month", "day")
            }


def operation_with_parameters(name: str, operation: ListOperation[Any]) -> ListOperation[Any]:
    """Return an operation with a value for each parameter that it alone has."""
    function = getattr(specification, name.lower(), None)
    if function is None:
        return operation
    hints = get_type_hints(function)
    found: ListOperation[Any] = function(
        **{name: argument(hints[name]) for name in inspect.signature(function).parameters}
    )
    return found


def argument(hint: Any) -> Any:
    """Return a value of an annotated parameter."""
    if get_origin(hint) is UnionType:
        return argument(get_args(hint)[0])
    if get_origin(hint) is Sequence:
        return [argument(get_args(hint)[0])]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return {str: "text", bool: True, int: 7, float: 0.5, datetime: NOON, date: NOON.date()}.get(hint, "anything")


def respond(request: Request) -> Reply:
    """Respond to any list operation: two items on the first page, one on the second."""
    operation = next(each for each in OPERATIONS.values() if matches(each.path, request.path))
    token = next((value for name, value in request.query if name.lower().replace("_", "") == "pagetoken"), "")
    item = payload(operation.message)
    key = "next_page_token" if len(operation.items) % 2 else "nextPageToken"  # ProtoJSON allows both spellings.
    body: dict[str, Any] = {operation.items: [item], key: ""} if token else {operation.items: [item, item], key: "two"}
    return Reply(200, {"content-type": "application/json"}, json.dumps(body).encode())


def matches(template: str, path: str) -> bool:
    """Return whether a path is of a template."""
    return re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template)), path) is not None


async def main() -> None:
    """Walk, read and print."""
    with FaultServer(respond) as url:
        options: Mapping[str, Any] = {"api_key": "k", "account_id": "a", "base_url": url}
        with GatewayClient(**options) as client:
            async with AsyncGatewayClient(**options) as async_client:
                for name, operation in OPERATIONS.items():
                    ready = operation_with_parameters(name, operation)
                    items = client.list(ready).to_list()
                    assert items == await async_client.list(ready).to_list()
                    assert len(items) == 3, name
                    rows = list(client.list(ready).rows())
                    assert len(rows) == 3, name
                    assert {type(cell) for row in rows for cell in row.values()} <= CELLS, name
                    for item in items:
                        assert type(item) is operation.message
                        read(item, payload(operation.message))
    print(json.dumps({"operations": list(OPERATIONS), "fields": len(read_fields)}))


if __name__ == "__main__":
    asyncio.run(main())
