"""A hook of the build that adds a bill of materials to the wheel (PEP 770).

It lists the dependencies with their ranges, the published document and the generator. It has no time or place of the
build, so two builds are equal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "fireworks-gateway.cdx.json"


def bill(version: str, dependencies: Mapping[str, Sequence[str]], document: bytes, generator: str) -> dict[str, Any]:
    """Return the bill, in CycloneDX 1.6, of a version of the package.

    Args:
        version: The version.
        dependencies: Requirements (PEP 508) by extra; "" for those of the package itself.
        document: The published specification.
        generator: The requirement that pins the generator.
    """
    ours = f"pkg:pypi/fireworks-gateway@{version}"
    wanted = [(extra, requirement) for extra, those in dependencies.items() for requirement in those]
    components = [
        *(_library(requirement, "required" if not extra else "optional", extra) for extra, requirement in wanted),
        {
            "type": "data",
            "bom-ref": "openapi/gateway.yaml",
            "name": "Gateway REST API",
            "version": _document_version(document),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(document).hexdigest()}],
        },
        {**_library(generator, "excluded", ""), "type": "application"},
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": ours,
                "name": "fireworks-gateway",
                "version": version,
                "purl": ours,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": ours, "dependsOn": [each["bom-ref"] for each in components if each.get("scope") == "required"]}
        ],
    }


def _library(requirement: str, scope: str, extra: str) -> dict[str, Any]:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    details = {"extra": extra, "range": requirement.removeprefix(name).strip()}
    return {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}" + (f"#{extra}" if extra else ""),
        "name": name,
        "purl": f"pkg:pypi/{name}",
        "scope": scope,
        "properties": [{"name": f"fireworks-gateway:{key}", "value": value} for key, value in details.items() if value],
    }


def _document_version(document: bytes) -> str:
    found = re.search(r"^\s+version:\s*(\S+)", document.decode(), re.MULTILINE)
    return found[1].strip("\"'") if found else ""


class BillOfMaterials(BuildHookInterface[Any]):
    """The hook that hatchling runs before it writes a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bill and put it in the wheel."""
        root = Path(self.root)
        metadata = cast("Any", self.metadata)  # pyright: ignore[reportUnknownMemberType]
        dependencies = {"": metadata.core.dependencies, **metadata.core.optional_dependencies}
        pins = (root / "requirements" / "dev.in").read_text(encoding="utf-8")
        generator = re.search(r"^openapi-python-client==\S+", pins, re.MULTILINE)
        if generator is None:
            raise ValueError("requirements/dev.in pins no openapi-python-client")
        document = (root / "openapi" / "gateway.yaml").read_bytes()
        path = root / "build" / "sbom" / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(bill(metadata.version, dependencies, document, generator[0]), indent=2, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        build_data["sbom_files"].append(path.relative_to(root).as_posix())
