"""The next version of the document, with changes that were seen in the real one."""

from __future__ import annotations

from functools import cache

import yaml

from tests.bump.simulated import Content, operation, properties, published, schemas

VERSION = "5.10.0"
TAGS = ("AccountService", "DeploymentService", "Gateway", "ModelService", "TrainingService")


def _reference(key: str) -> Content:
    return {"$ref": f"#/components/schemas/{key}"}


def _text(description: str) -> Content:
    return {"type": "string", "description": description}


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
        encryptionState={**_reference("ModelEncryptionState"), "description": "How it is encrypted.", "readOnly": True},
        serverlessModes={
            "type": "array",
            "items": {**_reference("gatewayServerlessMode"), "type": "object"},
            "description": "In which ways it is served.",
            "readOnly": True,
        },
    )
    schemas(document).update(_new_schemas())
    return document


def _new_schemas() -> Content:
    states = [f"ENCRYPTION_STATE_{state}" for state in ("UNSPECIFIED", "PLAINTEXT", "CMEK")]
    return {
        "ModelEncryptionState": {"type": "string", "enum": states, "default": states[0]},
        "gatewayServerlessMode": {
            "type": "object",
            "properties": {
                "name": _text("The name of the mode."),
                "usageIdentifier": _text("What its use is booked under."),
                "serviceTier": _text("Its tier."),
                "skuInfos": {"type": "array", "items": {**_reference("gatewaySkuInfo"), "type": "object"}},
                "useCases": {"type": "array", "items": {"type": "string"}},
                "updatedBy": _text("Who changed it last."),
                "createTime": {"type": "string", "format": "date-time"},
                "updateTime": {"type": "string", "format": "date-time"},
            },
        },
        "gatewaySkuInfo": {
            "type": "object",
            "properties": {
                "sku": _text("What is sold."),
                "amount": _reference("typeMoney"),
                "unit": _text("Per what."),
            },
        },
        "typeMoney": {
            "type": "object",
            "properties": {
                "currencyCode": _text("The currency, by ISO 4217."),
                "units": {"type": "string", "format": "int64"},
                "nanos": {"type": "integer", "format": "int32"},
            },
            "title": "Represents an amount of money with its currency type.",
        },
    }


def page_of(text: str, title: str = "# null", marks: str = "````") -> str:
    """Return a page of the documentation with a document in its fence."""
    index = "> ## Documentation Index\n> The pages are listed elsewhere.\n\n"
    return f"{index}{title}\n\n## OpenAPI\n\n{marks}yaml get /v1/accounts/{{account_id}}/models\n{text}{marks}\n"


@cache
def next_text() -> str:
    """Return the document as text."""
    return yaml.safe_dump(next_document(), sort_keys=False, allow_unicode=True)
