"""The checked-in document, to be changed."""

import copy
import re
from collections.abc import Callable
from typing import Any

from tools import generate
from tools.specification.parsing import content_of

Content = dict[str, Any]
PATH = "/v1/accounts/{account_id}/models"


def _with_own_parameters(document: Content) -> Content:
    """Return a document whose List Models has all its parameters itself, the one in its path as `account_id`."""
    path = next(each for each in document["paths"] if re.sub(r"\{\w+\}", "{account_id}", each) == PATH)
    item, shared = document["paths"][path], document["components"].get("parameters", {})
    listed = [*item.pop("parameters", ()), *item["get"].get("parameters", ())]
    own = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in listed]
    item["get"]["parameters"] = [{**each, "name": "account_id"} if each["in"] == "path" else each for each in own]
    document["paths"] = {PATH if each == path else each: found for each, found in document["paths"].items()}
    return document


_PUBLISHED = _with_own_parameters(content_of(generate.SPECIFICATION.read_text(encoding="utf-8"), "gateway.yaml"))


def published_document(version: str = "") -> Content:
    """Return a copy of the document, under another version if one is given."""
    document: Content = copy.deepcopy(_PUBLISHED)
    document["info"]["version"] = version or document["info"]["version"]
    return document


def amend(change: Callable[[Content], Any], version: str = "") -> Content:
    """Return a copy of the document with a change."""
    document = published_document(version)
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
    """Return a parameter of List Models, whose name may be in snake_case there."""
    wanted = name.replace("_", "").lower()
    return next(each for each in operation(document)["parameters"] if each["name"].replace("_", "").lower() == wanted)
