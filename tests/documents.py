"""Documents with other list operations, as later versions may bring them, and what answers to them."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from attrs import evolve, frozen

from fireworks_gateway import AsyncGatewayClient, GatewayClient
from fireworks_gateway.testing import FaultServer, Reply, Request
from tools import generate

STANDARD = ("pageSize", "pageToken", "filter", "orderBy", "readMask")
BARE = ("pageSize", "pageToken")
TYPES: Mapping[str, Any] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "size": {"type": "integer", "format": "int32"},
    "time": {"type": "string", "format": "date-time"},
    "state": {"$ref": "#/components/schemas/gatewayState"},
    "states": {"type": "array", "items": {"$ref": "#/components/schemas/gatewayState"}},
}


@frozen
class Resource:
    """What an operation lists, and how it departs from the others.

    Attributes:
        plural: The list's name in JSON.
        item: The schema of an item.
        parameters: Parameters of the query string, by name; extra ones with their type.
        above: What is between the account and the list in the path.
        of_account: Whether the path begins with an account.
        total: Whether the answer has a total size.
    """

    plural: str
    item: str
    parameters: Sequence[str] = STANDARD
    extra: Mapping[str, str] = {}
    above: str = ""
    of_account: bool = True
    total: bool = True

    @property
    def operation(self) -> str:
        """The operation's id."""
        return f"List{self.plural[0].upper()}{self.plural[1:]}"

    @property
    def path(self) -> str:
        """The path's template."""
        account = "/accounts/{account_id}" if self.of_account else ""
        above = f"/{self.above}s/{{{self.above}_id}}" if self.above else ""
        return f"/v1{account}{above}/{self.plural}"

    def number(self, number: int) -> Resource:
        """Return another resource of the same shape."""
        return evolve(self, plural=f"{self.plural}{number}", item=f"{self.item}{number}")


RESOURCES: Sequence[Resource] = (
    Resource("deployments", "Deployment", extra={"showDeleted": "flag"}),
    Resource(
        "auditLogs", "AuditLog", extra={"startTime": "time", "endTime": "time", "email": "text", "states": "states"}
    ),
    Resource("checkpoints", "Checkpoint", parameters=BARE, above="rlor_trainer_job", total=False),
    Resource("accounts", "Account", of_account=False),
    Resource("datasets", "Dataset", total=False),
    Resource("secrets", "Secret", parameters=("pageSize", "pageToken", "orderBy", "readMask")),
    Resource("deploymentShapes", "DeploymentShape", extra={"targetModel": "text"}),
    Resource("versions", "DeploymentShapeVersion", above="deployment_shape"),
    Resource("quotas", "Quota", parameters=("pageToken",)),
    Resource("users", "User", extra={"type": "state"}),
)
"""Three, and then others, each with its exception."""


def resources(count: int) -> list[Resource]:
    """Return that many resources, in all the shapes by turns."""
    return [
        each if number < len(RESOURCES) else each.number(number)
        for number, each in enumerate(islice(cycle(RESOURCES), count))
    ]


def document(listed: Sequence[Resource]) -> dict[str, Any]:
    """Return an OpenAPI document of list operations."""
    schemas: dict[str, Any] = {"gatewayState": STATE, "typeDate": DATE, "gatewayStatus": STATUS}
    paths: dict[str, Any] = {}
    for each in listed:
        schemas |= {f"gateway{each.item}": item_schema(each), f"gateway{each.operation}Response": answer_schema(each)}
        paths[each.path] = {"get": operation(each)}
        one = f"{each.path}/{{id}}"
        paths[one] = {"get": plain(each, f"Get{each.item}", one), "delete": plain(each, f"Delete{each.item}", one)}
        paths[each.path]["post"] = plain(each, f"Create{each.item}", each.path)
    info = {"title": "Gateway REST API", "version": "6.0.0"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def operation(of: Resource) -> dict[str, Any]:
    """Return a list operation."""
    types = {**dict.fromkeys(of.parameters, "text"), "pageSize": "size", **of.extra}
    names = [*of.parameters, *of.extra]
    query = [{"name": name, "in": "query", "required": False, "schema": TYPES[types[name]]} for name in names]
    return {**plain(of, of.operation, of.path), "parameters": [*query, *in_path(of.path)], **answering(of.operation)}


def plain(of: Resource, name: str, path: str) -> dict[str, Any]:
    """Return an operation that answers with a single item."""
    ok = {"description": "A successful response.", "content": content(f"gateway{of.item}")}
    return {
        "tags": ["Gateway"],
        "operationId": f"Gateway_{name}",
        "parameters": in_path(path),
        "responses": {"200": ok},
    }


def answering(name: str) -> dict[str, Any]:
    """Return the answers of a list operation; that of an error is another message."""
    ok = {"description": "A successful response.", "content": content(f"gateway{name}Response")}
    return {"responses": {"200": ok, "default": {"description": "An error.", "content": content("gatewayStatus")}}}


def content(schema: str) -> dict[str, Any]:
    """Return what says that a body is of a schema."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def in_path(path: str) -> list[dict[str, Any]]:
    """Return the parameters of a path's template."""
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


STATE = {"type": "string", "enum": ["STATE_UNSPECIFIED", "CREATING", "READY"], "default": "STATE_UNSPECIFIED"}
DATE = {"type": "object", "properties": {part: {"type": "integer"} for part in ("year", "month", "day")}}
STATUS = {"type": "object", "properties": {"code": {"type": "integer"}, "message": {"type": "string"}}}


def item_schema(of: Resource) -> dict[str, Any]:
    """Return an item's schema: of every kind of value, required ones and ones with awkward names among them."""
    me = {"$ref": f"#/components/schemas/gateway{of.item}"}
    properties = {
        "name": {"type": "string"},
        "createTime": TYPES["time"],
        "state": TYPES["state"],
        "status": {"$ref": "#/components/schemas/gatewayStatus"},
        "expireDate": {"$ref": "#/components/schemas/typeDate"},
        "tokenCount": {"type": "string", "format": "int64"},
        "minReplicas": {"type": "integer", "format": "int32"},
        "price": {"type": "number"},
        "public": {"type": "boolean"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "regions": {"type": "array", "items": {"type": "string"}},
        "history": TYPES["states"],
        "parent": me,
        "children": {"type": "array", "items": me},
        "byName": {"type": "object", "additionalProperties": me},
        "anything": {},
        "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "maybe": {"type": ["string", "null"]},
        "payload": {"type": "object", "additionalProperties": True},
        "type": {"type": "string"},
        "has": {"type": "boolean"},
        "class": {"type": "string"},
        "H100Count": {"type": "integer"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["name", "createTime", "state", "status", "history"],
    }


def answer_schema(of: Resource) -> dict[str, Any]:
    """Return the schema of a page."""
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/gateway{of.item}"}}
    total = {"totalSize": {"type": "integer", "format": "int32"}} if of.total else {}
    return {"type": "object", "properties": {of.plural: items, "nextPageToken": {"type": "string"}, **total}}


PAYLOAD: Mapping[str, Any] = {
    "createTime": "2026-02-14T10:20:30.123456Z",
    "state": "READY",
    "status": {"code": 0, "message": "well"},
    "expireDate": {"year": 2027, "month": 3, "day": 0},
    "tokenCount": "9007199254740993",
    "minReplicas": 2,
    "price": 0.5,
    "public": True,
    "labels": {"team": "a"},
    "regions": ["eu", "us"],
    "history": ["CREATING", "NEWER"],
    "parent": None,
    "children": [{"name": "child", "state": "CREATING"}],
    "byName": {"twin": {"name": "twin"}},
    "anything": {"at": ["all"]},
    "either": 7,
    "maybe": None,
    "payload": {"some": "thing"},
    "type": "t",
    "has": False,
    "class": "c",
    "H100Count": 8,
    "novel": 1,
}
SIZE = 5


def items_of(resource: Resource) -> list[dict[str, Any]]:
    """Return what a resource lists."""
    return [{"name": f"{resource.plural}/{number}", **PAYLOAD} for number in range(SIZE)]


class Service:
    """What answers to a document's list operations, two items a page, and refuses what the document lacks."""

    def __init__(self, listed: Sequence[Resource]) -> None:
        self._listed = {(each.path.count("/"), each.plural): each for each in listed}

    def reply(self, request: Request) -> Reply:
        """Answer a request."""
        resource = self._listed.get((request.path.count("/"), request.path.rpartition("/")[2]))
        query = dict(request.query)
        if resource is None or not query.keys() <= {*resource.parameters, *resource.extra}:
            return Reply(400, {"content-type": "application/json"}, b'{"code": 3, "message": "unknown"}')
        start = int(query.get("pageToken", 0))
        page: dict[str, Any] = {resource.plural: items_of(resource)[start : start + 2]}
        if start + 2 < SIZE:
            page["nextPageToken"] = str(start + 2)
        if resource.total:
            page["totalSize"] = SIZE
        return Reply(200, {"content-type": "application/json"}, json.dumps(page).encode())


class Generated:
    """A package generated from a document."""

    def __init__(self, name: str, listed: Sequence[Resource]) -> None:
        self.name = name
        self.listed = listed

    def endpoint(self, operation: str) -> ModuleType:
        """Return the endpoint module of an operation."""
        [found] = [
            path.stem
            for path in Path(import_module(f"{self.name}.api.gateway").__path__[0]).glob("gateway_*.py")
            if path.stem.replace("_", "") == f"gateway{operation}".lower()
        ]
        return import_module(f"{self.name}.api.gateway.{found}")

    def model(self, name: str) -> Any:
        """Return a generated class."""
        return getattr(import_module(f"{self.name}.models"), name)


def generated(folder: Path, name: str, listed: Sequence[Resource], whole: Any = None) -> Iterator[Generated]:
    """Generate a package from a document of some resources, importable until it is done with."""
    settings = generate.read_yaml(generate.CONFIG)
    config = {"package_name_override": name, "post_hooks": settings["post_hooks"]}
    (folder / "document.yaml").write_text(yaml.safe_dump(whole or document(listed)), encoding="utf-8")
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    generate.generate(folder / "document.yaml", folder / "config.yaml", folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield Generated(name, listed)
        for each in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
            del sys.modules[each]


Walked = Mapping[str, tuple[list[dict[str, Any]], int | None]]
"""What a listing of each resource gave, and the total size that it told."""


def expected_of(listed: Sequence[Resource]) -> Walked:
    """Return what every resource lists."""
    return {each.plural: (items_of(each), SIZE if each.total else None) for each in listed}


def above_of(resource: Resource) -> dict[str, Any]:
    """Return the parameters without which an operation has no path."""
    return {f"{resource.above}_id": "above-1"} if resource.above else {}


@contextmanager
def served(package: Generated) -> Generator[GatewayClient]:
    """Serve a package's document for the length of a with block; the value is a client of it."""
    with (
        FaultServer(Service(package.listed).reply) as url,
        GatewayClient(api_key="k", account_id="a", base_url=url) as client,
    ):
        yield client


def walked(package: Generated) -> Walked:
    """Walk every operation of a package."""
    found: dict[str, tuple[list[dict[str, Any]], int | None]] = {}
    with served(package) as client:
        for each in package.listed:
            pages = list(client.list(package.endpoint(each.operation), parameters=above_of(each)).pages())
            found[each.plural] = [item.to_dict() for page in pages for item in page.items], pages[0].total_size
    return found


async def walked_async(package: Generated) -> Walked:
    """Walk every operation of a package asynchronously."""
    found: dict[str, tuple[list[dict[str, Any]], int | None]] = {}
    with FaultServer(Service(package.listed).reply) as url:
        async with AsyncGatewayClient(api_key="k", account_id="a", base_url=url) as client:
            for each in package.listed:
                pager = client.list(package.endpoint(each.operation), parameters=above_of(each))
                pages = [page async for page in pager.pages()]
                found[each.plural] = [item.to_dict() for page in pages for item in page.items], pages[0].total_size
    return found
