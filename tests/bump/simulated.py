"""Simulated bumps: possible next documents with their ratings."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from tests.shared.documents import PATH, Content, operation, parameter, properties, schemas
from tools.bump.ratings import Rating

VERSION = "97.0.0"
"""A version after ours."""
PATCH, MINOR, MAJOR = Rating.PATCH, Rating.MINOR, Rating.MAJOR
Change = Callable[[Content], Any]


@frozen
class Simulated:
    """A change of the document, with its ratings.

    Attributes:
        change: The change.
        public: The rating for users of the wrapper; None if it removes something that hand-written code uses.
        generated: The rating for users of the generated package.
    """

    change: Change
    public: Rating | None
    generated: Rating


def _rename_key(mapping: Content, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


def _scheme(document: Content) -> Content:
    found: Content = document["components"]["securitySchemes"]["BearerAuth"]
    return found


def _parameter(name: str, *, required: bool = False) -> Change:
    added = {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}
    return lambda d: operation(d)["parameters"].append(added)


def _add_operation(document: Content) -> None:
    added = {"tags": ["Gateway"], "operationId": "Gateway_GetDataset", "responses": {"200": {"description": "One."}}}
    document["paths"]["/v1/datasets"] = {"get": added}


def _rename_path_parameter(document: Content) -> None:
    parameter(document, "account_id")["name"] = "account"
    _rename_key(document["paths"], PATH, PATH.replace("account_id", "account"))


def _document_404(document: Content) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/gatewayStatus"}}}
    operation(document)["responses"]["404"] = {"description": "No such account.", "content": content}


def _remove_security(document: Content) -> None:
    del document["security"], document["components"]["securitySchemes"]


def _add_alternative(document: Content) -> None:
    document["components"]["securitySchemes"]["Key"] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    document["security"].append({"Key": []})


def _add_message(document: Content) -> None:
    schemas(document)["gatewayMode"] = {"type": "object", "properties": {"name": {"type": "string"}}}
    properties(document)["modes"] = {"type": "array", "items": {"$ref": "#/components/schemas/gatewayMode"}}


def _remove_message(document: Content) -> None:
    del schemas(document)["gatewayTEFTDetails"], properties(document)["teftDetails"]


def _remove_titled(document: Content) -> None:
    del schemas(document)["gatewayStatus"], properties(document)["status"], schemas(document)["gatewayCode"]


def _add_body(document: Content) -> None:
    content = {"application/json": {"schema": {"type": "object", "title": "ListModelsBody"}}}
    operation(document)["requestBody"] = {"required": True, "content": content}


def _add_required_property(document: Content) -> None:
    properties(document)["useTrainingV2"] = {"type": "boolean"}
    schemas(document)["gatewayModel"]["required"] = ["useTrainingV2"]


# The ratings for users of the wrapper and of the generated package; then the changes.
_CHANGES: list[tuple[Rating | None, Rating, dict[str, Change]]] = [
    (
        PATCH,
        PATCH,
        {
            "version alone": lambda d: None,
            "parameters reordered": lambda d: operation(d)["parameters"].reverse(),
            "description of a property reworded": lambda d: properties(d)["public"].update(description="Another."),
            "title of a property reworded": lambda d: properties(d)["name"].update(title="Its name."),
            "tags grow": lambda d: d["tags"].append({"name": "ModelService"}),
            "extension added": lambda d: operation(d).update({"x-internal": True}),
            "enum values reordered": lambda d: schemas(d)["ModelKind"]["enum"].reverse(),
            "second tag added": lambda d: operation(d)["tags"].append("ModelService"),
            "security scheme reworded": lambda d: _scheme(d).update(description="A key."),
            "keyword that nobody knows": lambda d: properties(d)["name"].update({"not": {}}),
        },
    ),
    (
        PATCH,
        MINOR,
        {
            "property deprecated": lambda d: properties(d)["tunable"].update(deprecated=True),
            "property no longer read only": lambda d: properties(d)["name"].pop("readOnly"),
            "parameter deprecated": lambda d: parameter(d, "filter").update(deprecated=True),
            "operation added": _add_operation,
            "operation deprecated": lambda d: operation(d).update(deprecated=True),
            "security alternative added": _add_alternative,
            "security opened to all": lambda d: d["security"].append({}),
            "server added": lambda d: d["servers"].append({"url": "https://eu.example"}),
        },
    ),
    (
        MINOR,
        MINOR,
        {
            "property added": lambda d: properties(d).update(useTrainingV2={"type": "boolean", "description": "New."}),
            "enum value added": lambda d: schemas(d)["ModelKind"]["enum"].append("ROUTER"),
            "schema added": _add_message,
            "parameter added": _parameter("view"),
        },
    ),
    (
        PATCH,
        MAJOR,
        {
            "property made required": lambda d: schemas(d)["gatewayModel"].update(required=["name"]),
            "404 documented": _document_404,
            "property widened": lambda d: properties(d)["contextLength"].update(format="int64"),
            "property made nullable": lambda d: properties(d)["cluster"].update(type=["string", "null"]),
            "property made optional": lambda d: schemas(d)["gatewayPEFTDetails"].update(required=["baseModel", "r"]),
            "parameter given a default": lambda d: parameter(d, "pageSize")["schema"].update(default=50),
            "parameter bounded": lambda d: parameter(d, "pageSize")["schema"].update(maximum=200),
            "path parameter renamed": _rename_path_parameter,
            "success of another media type": lambda d: _rename_key(
                operation(d)["responses"]["200"]["content"], "application/json", "text/json"
            ),
            "operation renamed": lambda d: operation(d).update(operationId="Gateway_ListAllModels"),
            "tag renamed": lambda d: operation(d).update(tags=["ModelService"]),
        },
    ),
    (
        MINOR,
        MAJOR,
        {
            "required property added": _add_required_property,
        },
    ),
    (
        MAJOR,
        MAJOR,
        {
            "property removed": lambda d: properties(d).pop("calibrated"),
            "property renamed": lambda d: _rename_key(properties(d), "cluster", "clusterName"),
            "property retyped": lambda d: properties(d)["contextLength"].update(type="string"),
            "values of a map retyped": lambda d: properties(d)["defaultSamplingParams"]["additionalProperties"].update(
                type="string"
            ),
            "enum value removed": lambda d: schemas(d)["ModelKind"]["enum"].pop(),
            "enum value renamed": lambda d: schemas(d)["gatewayModelState"].update(
                enum=["STATE_UNSPECIFIED", "UPLOADING", "ACTIVE"]
            ),
            "enum opened to any text": lambda d: schemas(d)["ModelSnapshotType"].pop("enum"),
            "schema removed": _remove_message,
            "security removed": _remove_security,
            "security scheme changed": lambda d: _scheme(d).update(scheme="basic"),
            "server replaced": lambda d: d.update(servers=[{"url": "https://other.example"}]),
        },
    ),
    (
        None,
        MAJOR,
        {
            "property given another class": lambda d: properties(d)["state"].update(
                {"$ref": "#/components/schemas/gatewayDeployedModelState"}
            ),
            "titled schema removed": _remove_titled,
            "required parameter added": _parameter("view", required=True),
            "parameter removed": lambda d: operation(d)["parameters"].remove(parameter(d, "readMask")),
            "parameter made required": lambda d: parameter(d, "filter").update(required=True),
            "body added": _add_body,
            "operation moved": lambda d: _rename_key(d["paths"], PATH, PATH.replace("models", "allModels")),
        },
    ),
]
SIMULATED: Mapping[str, Simulated] = {
    name: Simulated(change, public, generated)
    for public, generated, changes in _CHANGES
    for name, change in changes.items()
}
