"""The class overrides that a document needs: a class is named after its schema's key, whatever the title says.

The generator names a class after its schema's title. A title is prose, so without an override a reworded title would
rename the class.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import yaml

from .parsing import SpecificationError, class_name, parse


def overrides_for(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the names that classes get from their keys, by the names that titles would give them.

    Raises:
        SpecificationError: Two schemas would become one class.
    """
    _check_names(document)
    untitled = parse(_without_titles(document), {})
    titled = parse(document, {})
    if len(titled.class_names()) != len(untitled.class_names()):
        raise SpecificationError("two inline schemas have one title, so both would be one class: reword one title")
    # The generator finds classes in the same order, whatever their names are.
    names = zip(titled.class_names(), untitled.class_names(), strict=True)
    return {title: key for title, key in names if title != key}


def _without_titles(node: Any) -> Any:
    if isinstance(node, Mapping):
        # A property called title is a schema, not a text.
        return {
            key: _without_titles(value)
            for key, value in node.items()
            if key != "title" or not isinstance(value, str) or "version" in node
        }
    return [_without_titles(each) for each in node] if isinstance(node, list) else node


def _check_names(document: Mapping[str, Any]) -> None:
    schemas: Mapping[str, Any] = (document.get("components") or {}).get("schemas") or {}
    made = {
        key: each
        for key, each in schemas.items()
        if isinstance(each, Mapping) and ("enum" in each or "properties" in each or each.get("type") == "object")
    }
    for what, texts in (
        ("titles", {key: str(each.get("title") or key) for key, each in made.items()}),
        ("keys", {key: key for key in made}),
    ):
        owners: dict[str, list[str]] = defaultdict(list)
        for key, text in texts.items():
            owners[class_name(text)].append(key)
        for keys in owners.values():
            if len(keys) > 1:
                raise SpecificationError(
                    f"the schemas {' and '.join(keys)} would become one class: give them different {what}"
                )


def config_with(config: str, overrides: Mapping[str, str]) -> str:
    """Return the text of the generator's configuration with these overrides in the place of its own."""
    block = {"class_overrides": {title: {"class_name": name} for title, name in overrides.items()}}
    text = yaml.safe_dump(block, sort_keys=False, width=10_000, allow_unicode=True)
    replaced, count = re.subn(r"(?m)^class_overrides:.*\n(?:[ ?].*\n)*", lambda _: text, config, count=1)
    return replaced if count else f"{config.rstrip()}\n\n{text}"
