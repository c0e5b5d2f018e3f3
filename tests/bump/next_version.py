"""The next version of the document, with changes that were seen in the real one."""

from __future__ import annotations

from functools import cache

import yaml

from tests.shared.documents import Content, operation, properties, published, schemas

VERSION = "5.10.0"
TAGS = ("AccountService", "Gateway", "ModelService")


def _reference(key: str) -> Content:
    return {"$ref": f"#/components/schemas/{key}"}


def _message(title: str = "", **properties: Content) -> Content:
    return {"type": "object", "properties": properties} | ({"title": title} if title else {})


def _list_of(key: str) -> Content:
    return {"type": "array", "items": {**_reference(key), "type": "object"}}


def next_document() -> Content:
    """Return the document: a boolean, an enum, a list of messages and tags are added, a kind is removed."""
    document = published(VERSION)
    document["tags"] = [{"name": tag} for tag in TAGS]
    assert operation(document)["tags"] == ["Gateway"]
    kinds = schemas(document)["ModelKind"]
    kinds["enum"].remove("FIRE_AGENT")
    kinds["description"] = kinds["description"].replace(" - FIRE_AGENT: A FireAgent model.\n", "")
    properties(document).update(
        useTrainingV2={"type": "boolean", "description": "Whether the model is trained by the second stack."},
        encryptionState={**_reference("ModelEncryptionState"), "readOnly": True},
        serverlessModes={**_list_of("gatewayServerlessMode"), "description": "Service tiers.", "readOnly": True},
    )
    states = [f"ENCRYPTION_STATE_{state}" for state in ("UNSPECIFIED", "PLAINTEXT", "CMEK")]
    schemas(document).update(
        ModelEncryptionState={"type": "string", "enum": states, "default": states[0]},
        gatewayServerlessMode=_message(
            name={"type": "string", "description": "Name of the mode."},
            skuInfos=_list_of("gatewaySkuInfo"),
            useCases={"type": "array", "items": {"type": "string"}},
            createTime={"type": "string", "format": "date-time"},
        ),
        gatewaySkuInfo=_message(sku={"type": "string"}, amount=_reference("typeMoney")),
        typeMoney=_message(
            "Represents an amount of money with its currency type.",
            currencyCode={"type": "string"},
            units={"type": "string", "format": "int64"},
            nanos={"type": "integer", "format": "int32"},
        ),
    )
    return document


def page_of(text: str, title: str = "# null", marks: str = "````") -> str:
    """Return a page of the documentation with a document in its fence."""
    index = "> ## Documentation Index\n> The pages are listed elsewhere.\n\n"
    return f"{index}{title}\n\n## OpenAPI\n\n{marks}yaml get /v1/accounts/{{account_id}}/models\n{text}{marks}\n"


@cache
def next_text() -> str:
    """Return the document as text."""
    return yaml.safe_dump(next_document(), sort_keys=False, allow_unicode=True)
