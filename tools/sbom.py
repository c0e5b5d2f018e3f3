"""A hook of the build that adds a bill of materials to the wheel (PEP 770).

It lists the published document, the generator, and the dependencies with their ranges and licences. Scanners match
names with versions, so each dependency has the version of the lock, with which the package was tested. The bill has no
time or place of the build, so two builds are equal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# During a build no dependency is installed to read these from; a test compares them with the installed ones.
LICENCES = {
    "anyio": "MIT",
    "attrs": "MIT",
    "h11": "MIT",
    "httpcore": "BSD-3-Clause",
    "httpx": "BSD-3-Clause",
    "msgspec": "BSD-3-Clause",
    "openapi-python-client": "MIT",
    "python-dateutil": "BSD-3-Clause",
    "rich": "MIT",
    "typer": "MIT",
}


def bill(
    version: str, dependencies: Mapping[str, Sequence[str]], document: str, locked: Mapping[str, str]
) -> dict[str, Any]:
    """Return the bill, in CycloneDX 1.6, of a version of the package.

    Args:
        version: The version.
        dependencies: Requirements (PEP 508) by extra; "" for those of the package itself.
        document: The published specification.
        locked: Versions of the lock, by name.
    """
    required = [_library(requirement, locked, "required") for requirement in dependencies[""]]
    optional = [
        _library(each, locked, "optional", extra) for extra in dependencies if extra for each in dependencies[extra]
    ]
    generator = {**_library("openapi-python-client", locked, "excluded"), "type": "application"}
    found = re.search(r"^\s+version:\s*[\"']?([^\s\"']+)", document, re.MULTILINE)
    data = {
        "type": "data",
        "bom-ref": "openapi/gateway.yaml",
        "name": "Gateway REST API",
        "version": found[1] if found else "",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(document.encode()).hexdigest()}],
    }
    ours = {
        "type": "library",
        "bom-ref": f"pkg:pypi/fireworks-gateway@{version}",
        "name": "fireworks-gateway",
        "version": version,
        "purl": f"pkg:pypi/fireworks-gateway@{version}",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": [*required, *optional, data, generator],
        "dependencies": [{"ref": ours["bom-ref"], "dependsOn": [each["bom-ref"] for each in required]}],
    }


def locked_versions(lock: str) -> Mapping[str, str]:
    """Return the version of each package in a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock, re.MULTILINE))


def _library(requirement: str, locked: Mapping[str, str], scope: str, extra: str = "") -> dict[str, Any]:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    details = {"extra": extra, "range": requirement.removeprefix(name).strip()}
    return {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{locked[name]}",
        "name": name,
        "version": locked[name],
        "purl": f"pkg:pypi/{name}@{locked[name]}",
        "licenses": [{"license": {"id": LICENCES[name]}}],
        "scope": scope,
        "properties": [{"name": f"fireworks-gateway:{key}", "value": value} for key, value in details.items() if value],
    }


class BillOfMaterials(BuildHookInterface[Any]):
    """The hook that hatchling runs before it writes a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bill and put it in the wheel."""
        root = Path(self.root)
        metadata = cast("Any", self.metadata)  # pyright: ignore[reportUnknownMemberType]
        dependencies = {"": metadata.core.dependencies, **metadata.core.optional_dependencies}
        locked = locked_versions((root / "requirements" / "dev.txt").read_text(encoding="utf-8"))
        document = (root / "openapi" / "gateway.yaml").read_bytes().decode()
        text = json.dumps(bill(metadata.version, dependencies, document, locked), indent=2, sort_keys=True)
        path = root / "build" / "sbom" / "fireworks-gateway.cdx.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
        build_data["sbom_files"].append(path.relative_to(root).as_posix())
