"""Simulated bumps: possible next documents with their ratings."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from tools.bump.ratings import Rating

Content = dict[str, Any]

ROOT = Path(__file__).parents[2]
PATH = "/v1/accounts/{account_id}/models"
NONE, PATCH, MINOR, MAJOR = Rating.NONE, Rating.PATCH, Rating.MINOR, Rating.MAJOR


@frozen
class Simulated:
    """A bump with its ratings.

    Attributes:
        change: The change of the document.
        wire: The rating on the wire.
        release: The rating of the release, with its changes of Python names.
    """

    change: Callable[[Content], Any]
    wire: Rating
    release: Rating


@cache
def _published() -> Content:
    document: Content = yaml.safe_load((ROOT / "openapi/gateway.yaml").read_text(encoding="utf-8"))
    return document


def published(version: str = "4.259.0") -> Content:
    """Return a copy of the checked-in document under a version."""
    document = copy.deepcopy(_published())
    document["info"]["version"] = version
    return document


def changed(change: Callable[[Content], Any], version: str = "4.260.0") -> Content:
    """Return the checked-in document with a change, under a later version."""
    document = published(version)
    change(document)
    return document


def schemas(document: Content) -> Content:
    """Return the schemas of a document."""
    found: Content = document["components"]["schemas"]
    return found


def properties(document: Content, key: str = "gatewayModel") -> Content:
    """Return the properties of a schema."""
    found: Content = schemas(document)[key]["properties"]
    return found


def operation(document: Content) -> Content:
    """Return List Models."""
    found: Content = document["paths"][PATH]["get"]
    return found


def parameter(document: Content, name: str) -> Content:
    """Return a parameter of List Models."""
    return next(each for each in operation(document)["parameters"] if each["name"] == name)


def _moved(mapping: Content, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


def _query(name: str, *, required: bool = False) -> Content:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}


def _add_operation(document: Content) -> None:
    answer = {"200": {"description": "A dataset."}}
    document["paths"]["/v1/datasets"] = {
        "get": {"tags": ["Gateway"], "operationId": "Gateway_GetDataset", "responses": answer}
    }


def _replace_operation(document: Content) -> None:
    _add_operation(document)
    del document["paths"][PATH]


def _move_operation(document: Content) -> None:
    item = document["paths"].pop(PATH)
    document["paths"][PATH.replace("models", "allModels")] = item


def _rename_path_parameter(document: Content) -> None:
    item = document["paths"].pop(PATH)
    parameter_of = next(each for each in item["get"]["parameters"] if each["in"] == "path")
    parameter_of["name"] = "account"
    document["paths"][PATH.replace("account_id", "account")] = item


def _document_404(document: Content) -> None:
    schema = {"$ref": "#/components/schemas/gatewayStatus"}
    operation(document)["responses"]["404"] = {
        "description": "No such account.",
        "content": {"application/json": {"schema": schema}},
    }


def _remove_security(document: Content) -> None:
    del document["security"], document["components"]["securitySchemes"]


def _add_alternative(document: Content) -> None:
    document["components"]["securitySchemes"]["Key"] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    document["security"].append({"Key": []})


def _add_message(document: Content) -> None:
    schemas(document)["gatewayMode"] = {"type": "object", "properties": {"name": {"type": "string"}}}
    properties(document)["modes"] = {"type": "array", "items": {"$ref": "#/components/schemas/gatewayMode"}}


def _add_titled(document: Content) -> None:
    schemas(document)["gatewayMode"] = {"type": "object", "title": "How a model is served."}
    properties(document)["mode"] = {"$ref": "#/components/schemas/gatewayMode"}


def _remove_message(document: Content) -> None:
    del schemas(document)["gatewayTEFTDetails"], properties(document)["teftDetails"]


def _remove_titled(document: Content) -> None:
    del schemas(document)["gatewayStatus"], properties(document)["status"], schemas(document)["gatewayCode"]


def _body(*, required: bool) -> Callable[[Content], Any]:
    content = {"application/json": {"schema": {"type": "object", "title": "ListModelsBody"}}}
    return lambda d: operation(d).update(requestBody={"required": required, "content": content})


def _text(kind: str) -> Content:
    return {"type": kind, "description": "Something new."}


SIMULATED: Mapping[str, Simulated] = {
    # Nothing but words.
    "version alone": Simulated(lambda d: None, NONE, PATCH),
    "description of a property reworded": Simulated(
        lambda d: properties(d)["public"].update(description="Whether all may read it."), PATCH, PATCH
    ),
    "description of a parameter reworded": Simulated(
        lambda d: parameter(d, "pageSize").update(description="How many."), PATCH, PATCH
    ),
    "title of a property reworded": Simulated(lambda d: properties(d)["name"].update(title="Its name."), PATCH, PATCH),
    "title of the document reworded": Simulated(lambda d: d["info"].update(title="Gateway"), PATCH, PATCH),
    "tags grow": Simulated(lambda d: d["tags"].append({"name": "ModelService"}), PATCH, PATCH),
    "extension added": Simulated(lambda d: operation(d).update({"x-internal": True}), PATCH, PATCH),
    "enum values reordered": Simulated(lambda d: schemas(d)["ModelKind"]["enum"].reverse(), PATCH, PATCH),
    # Properties.
    "property added": Simulated(lambda d: properties(d).update(useTrainingV2=_text("boolean")), MINOR, MINOR),
    "required property added": Simulated(
        lambda d: schemas(d)["gatewayModel"].update(
            properties={**properties(d), "useTrainingV2": _text("boolean")}, required=["useTrainingV2"]
        ),
        MINOR,
        MAJOR,
    ),
    "property removed": Simulated(lambda d: properties(d).pop("calibrated"), MAJOR, MAJOR),
    "property renamed": Simulated(lambda d: _moved(properties(d), "cluster", "clusterName"), MAJOR, MAJOR),
    "property retyped": Simulated(lambda d: properties(d)["contextLength"].update(type="string"), MAJOR, MAJOR),
    "property widened": Simulated(lambda d: properties(d)["contextLength"].update(format="int64"), MAJOR, MAJOR),
    "property made nullable": Simulated(
        lambda d: properties(d)["cluster"].update(type=["string", "null"]), MAJOR, MAJOR
    ),
    "property made required": Simulated(lambda d: schemas(d)["gatewayModel"].update(required=["name"]), MINOR, MAJOR),
    "property made optional": Simulated(
        lambda d: schemas(d)["gatewayPEFTDetails"].update(required=["baseModel", "r"]), MAJOR, MAJOR
    ),
    "property deprecated": Simulated(lambda d: properties(d)["tunable"].update(deprecated=True), MINOR, MINOR),
    "property no longer read only": Simulated(lambda d: properties(d)["name"].pop("readOnly"), MINOR, MINOR),
    "property given another class": Simulated(
        lambda d: properties(d)["state"].update({"$ref": "#/components/schemas/gatewayDeployedModelState"}),
        MAJOR,
        MAJOR,
    ),
    "items of a list retyped": Simulated(
        lambda d: properties(d, "gatewayPEFTDetails")["targetModules"]["items"].update(type="integer"), MAJOR, MAJOR
    ),
    "values of a map retyped": Simulated(
        lambda d: properties(d)["defaultSamplingParams"]["additionalProperties"].update(type="string"), MAJOR, MAJOR
    ),
    # Enums and other schemas.
    "enum value added": Simulated(lambda d: schemas(d)["ModelKind"]["enum"].append("ROUTER"), MINOR, MINOR),
    "enum value removed": Simulated(lambda d: schemas(d)["ModelKind"]["enum"].remove("FIRE_AGENT"), MAJOR, MAJOR),
    "enum value renamed": Simulated(
        lambda d: schemas(d)["gatewayModelState"].update(enum=["STATE_UNSPECIFIED", "UPLOADING", "ACTIVE"]),
        MAJOR,
        MAJOR,
    ),
    "enum opened to any text": Simulated(lambda d: schemas(d)["ModelSnapshotType"].pop("enum"), MAJOR, MAJOR),
    "schema added": Simulated(_add_message, MINOR, MINOR),
    "titled schema added": Simulated(_add_titled, MINOR, MINOR),
    "schema removed": Simulated(_remove_message, MAJOR, MAJOR),
    "titled schema removed": Simulated(_remove_titled, MAJOR, MAJOR),
    # Parameters and bodies.
    "parameter added": Simulated(lambda d: operation(d)["parameters"].append(_query("view")), MINOR, MINOR),
    "required parameter added": Simulated(
        lambda d: operation(d)["parameters"].append(_query("view", required=True)), MAJOR, MAJOR
    ),
    "parameter removed": Simulated(lambda d: operation(d)["parameters"].remove(parameter(d, "readMask")), MAJOR, MAJOR),
    "parameter given a default": Simulated(
        lambda d: parameter(d, "pageSize")["schema"].update(default=50), MAJOR, MAJOR
    ),
    "parameter bounded": Simulated(lambda d: parameter(d, "pageSize")["schema"].update(maximum=200), MAJOR, MAJOR),
    "parameter made required": Simulated(lambda d: parameter(d, "filter").update(required=True), MAJOR, MAJOR),
    "parameter deprecated": Simulated(lambda d: parameter(d, "filter").update(deprecated=True), MINOR, MINOR),
    "parameters reordered": Simulated(lambda d: operation(d)["parameters"].reverse(), NONE, PATCH),
    "path parameter renamed": Simulated(_rename_path_parameter, MAJOR, MAJOR),
    "optional body added": Simulated(_body(required=False), MINOR, MINOR),
    "required body added": Simulated(_body(required=True), MAJOR, MAJOR),
    # Operations.
    "operation added": Simulated(_add_operation, MINOR, MINOR),
    "operation moved": Simulated(_move_operation, MAJOR, MAJOR),
    "operation replaced": Simulated(_replace_operation, MAJOR, MAJOR),
    "operation renamed": Simulated(lambda d: operation(d).update(operationId="Gateway_ListAllModels"), MAJOR, MAJOR),
    "operation deprecated": Simulated(lambda d: operation(d).update(deprecated=True), MINOR, MINOR),
    "tag renamed": Simulated(lambda d: operation(d).update(tags=["ModelService"]), MAJOR, MAJOR),
    "second tag added": Simulated(lambda d: operation(d)["tags"].append("ModelService"), PATCH, PATCH),
    "404 documented": Simulated(_document_404, MINOR, MAJOR),
    "404 documented without a body": Simulated(
        lambda d: operation(d)["responses"].update({"404": {"description": "No such account."}}), MINOR, MAJOR
    ),
    "success of another media type": Simulated(
        lambda d: _moved(operation(d)["responses"]["200"]["content"], "application/json", "text/json"), MAJOR, MAJOR
    ),
    # Keys and servers.
    "security removed": Simulated(_remove_security, MAJOR, MAJOR),
    "security scheme removed, still named": Simulated(lambda d: d["components"].pop("securitySchemes"), MAJOR, MAJOR),
    "security scheme changed": Simulated(
        lambda d: d["components"]["securitySchemes"]["BearerAuth"].update(scheme="basic"), MAJOR, MAJOR
    ),
    "security scheme reworded": Simulated(
        lambda d: d["components"]["securitySchemes"]["BearerAuth"].update(description="A key."), PATCH, PATCH
    ),
    "security alternative added": Simulated(_add_alternative, MINOR, MINOR),
    "security opened to all": Simulated(lambda d: d["security"].append({}), MINOR, MINOR),
    "server replaced": Simulated(lambda d: d.update(servers=[{"url": "https://other.example"}]), MAJOR, MAJOR),
    "server added": Simulated(lambda d: d["servers"].append({"url": "https://eu.example"}), MINOR, MINOR),
    "keyword that nobody knows": Simulated(lambda d: properties(d)["name"].update({"not": {}}), MAJOR, MAJOR),
}
