"""The next version of the document, with changes that were seen in the real one."""

from functools import cache

import yaml

from tests.shared.documents import Content, properties, published_document, schemas
from tools.specification.texts import read_words

VERSION = "98.0.0"
TAGS = ("AccountService", "Gateway", "ModelService")


def _unused_enum() -> str:
    """Return the key of an enum that hand-written code does not use, with values to spare."""
    used = read_words().classes
    enums = {key: each["enum"] for key, each in schemas(published_document()).items() if len(each.get("enum", ())) > 2}
    return next(key for key in enums if key[0].upper() + key[1:] not in used)


ENUM = _unused_enum()
"""The schema of the enum that loses a value."""
VALUE = str(schemas(published_document())[ENUM]["enum"][-1])
"""The value that it loses."""


def _reference(key: str) -> Content:
    return {"$ref": f"#/components/schemas/{key}"}


def _message(title: str = "", **properties: Content) -> Content:
    return {"type": "object", "properties": properties} | ({"title": title} if title else {})


def _list_of(key: str) -> Content:
    return {"type": "array", "items": {**_reference(key), "type": "object"}}


def next_document() -> Content:
    """Return the document: a boolean, an enum, a list of messages and tags are added, an enum value is removed."""
    document = published_document(VERSION)
    document["tags"] = [{"name": tag} for tag in TAGS]
    schemas(document)[ENUM]["enum"].remove(VALUE)
    schemas(document)[ENUM]["description"] = "Reworded."
    properties(document).update(
        nextFlag={"type": "boolean", "description": "Whether the model is trained by the second stack."},
        nextState={**_reference("ModelNextState"), "readOnly": True},
        nextModes={**_list_of("gatewayNextMode"), "description": "Service tiers.", "readOnly": True},
    )
    states = [f"NEXT_STATE_{state}" for state in ("UNSPECIFIED", "PLAINTEXT", "CMEK")]
    schemas(document).update(
        ModelNextState={"type": "string", "enum": states, "default": states[0]},
        gatewayNextMode=_message(
            name={"type": "string", "description": "Name of the mode."},
            skuInfos=_list_of("gatewayNextPrice"),
            useCases={"type": "array", "items": {"type": "string"}},
            createTime={"type": "string", "format": "date-time"},
        ),
        gatewayNextPrice=_message(sku={"type": "string"}, amount=_reference("typeAmount")),
        typeAmount=_message(
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
