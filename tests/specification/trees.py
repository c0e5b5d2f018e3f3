"""Trees of both packages, made from other documents, in which programs run as if that document were ours."""

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.shared.documents import PATH, Content
from tools import generate
from tools.specification.modules import Modules
from tools.specification.overrides import overrides_for
from tools.specification.parsing import parse
from tools.specification.texts import Words, read_words

ROOT = Path(__file__).parents[2]
DOCUMENTS = Path(os.environ.get("FIREWORKS_GATEWAY_DOCUMENTS") or ROOT.parent / "shared" / "documents")
"""Documents that are not ours to copy, if they are here."""


def small() -> Content:
    """Return a document of ours with List Models and the classes that hand-written code uses."""
    text = {"type": "string"}
    page = object_of(models={"type": "array", "items": reference("gatewayModel")}, nextPageToken=text)
    query = [{"name": name, "in": "query", "schema": text} for name in ("pageToken", "filter", "orderBy", "readMask")]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Models", "version": "1.0.0"},
        "paths": {
            PATH: {
                "get": {
                    "operationId": "Gateway_ListModels",
                    "tags": ["Gateway"],
                    "parameters": [
                        {"name": "account_id", "in": "path", "required": True, "schema": text},
                        {"name": "pageSize", "in": "query", "schema": {"type": "integer"}},
                        *query,
                    ],
                    "responses": {"200": {"description": "A page.", "content": json_of(page)}},
                }
            }
        },
        "components": {
            "schemas": {
                "gatewayModel": object_of(
                    name=text,
                    kind=reference("ModelKind"),
                    state=reference("gatewayModelState"),
                    status={**reference("gatewayStatus"), "description": "A status."},
                ),
                "ModelKind": {**text, "enum": ["KIND_UNSPECIFIED", "HF_BASE_MODEL"], "default": "KIND_UNSPECIFIED"},
                "gatewayModelState": {**text, "enum": ["STATE_UNSPECIFIED", "READY"], "default": "STATE_UNSPECIFIED"},
                "gatewayStatus": {**object_of(code=reference("gatewayCode"), message=text), "title": "Status proto."},
                "gatewayCode": {**text, "enum": ["OK", "INTERNAL"], "default": "OK", "title": "Code proto."},
            }
        },
    }


def object_of(**properties: Content) -> Content:
    """Return the schema of an object."""
    return {"type": "object", "properties": properties}


def reference(key: str) -> Content:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{key}"}


def json_of(schema: Content) -> Content:
    """Return the content of a response."""
    return {"application/json": {"schema": schema}}


def names_alone() -> Words:
    """Return the names that hand-written code uses, without our own words: another document may have words there."""
    words = read_words()
    return Words(classes=words.classes, operations=words.operations)


def modules_of(document: dict[str, Any], words: Words | None = None) -> Modules:
    """Return the wrapper's modules for a document."""
    words = words or names_alone()
    return Modules(parse(document, overrides_for(document), words.operations), words, "fireworks_gateway_openapi")


class Tree:
    """Both packages as `make generate` would leave them for a document."""

    def __init__(self, folder: Path, document: Mapping[str, Any] | str) -> None:
        self.root = folder / "tree"
        text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        (folder / "document.yaml").write_text(text, encoding="utf-8")
        ignored = shutil.ignore_patterns("__pycache__", "_openapi.py", "specification.py")
        shutil.copytree(ROOT / "wrapper", self.root / "wrapper", ignore=ignored)
        self.outcome = generate.generate(folder / "document.yaml", generate.CONFIG, self.root, names_alone())
        shutil.copy(ROOT / "pyproject.toml", self.root)

    def python(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python in the tree, which it finds before the repository's own packages."""
        path = os.pathsep.join([str(self.root / "wrapper"), str(self.root / "generated")])
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, encoding="utf-8")

    def everything(self) -> dict[str, Any]:
        """Return what `everything.py` prints of the tree."""
        run = self.python(Path(__file__).with_name("everything.py"))
        assert run.returncode == 0, run.stderr[-3000:]
        found: dict[str, Any] = json.loads(run.stdout)
        return found

    def type_errors(self) -> list[str]:
        """Return the errors of mypy --strict in both packages."""
        run = self.python("-m", "mypy", "--config-file=pyproject.toml", "--no-pretty", "generated", "wrapper")
        assert run.returncode in (0, 1), run.stderr
        return [line for line in run.stdout.splitlines() if ": error: " in line]

    def source(self, name: str) -> str:
        """Return one of the wrapper's modules."""
        return (self.root / "wrapper" / "fireworks_gateway" / name).read_text(encoding="utf-8")


def with_list_operation(document: Content, key: str, item: Content, **operation: Any) -> Content:
    """Return a document with another list operation, whose list is at a key, which also ends its path.

    `operation` has the parts of the operation that differ, e.g. parameters.
    """
    changed = copy.deepcopy(document)
    listed: Content = {"type": "array", "items": item}
    page = object_of(**{key: listed, "nextPageToken": {"type": "string"}})
    token = {"name": "pageToken", "in": "query", "schema": {"type": "string"}}
    changed["paths"][f"/v1/{key}"] = {
        "get": {
            "operationId": f"Gateway_List_{key}",
            "tags": ["Gateway"],
            "parameters": [token],
            "responses": {"200": {"description": "A page.", "content": json_of(page)}},
            **operation,
        }
    }
    return changed
