"""Generate everything that the OpenAPI document determines, or check that the checked-in files are the result.

    python -m tools.generate            # write the generated client, the overrides and the wrapper's two modules
    python -m tools.generate --check    # compare only; exit status 1 on any difference

The generator silently ignores unknown settings, missing hook programs and whole schemas. This program reports each as
an error.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen
from openapi_python_client.config import ConfigFile
from pydantic import ValidationError

from tools.specification.modules import Modules
from tools.specification.overrides import config_with, overrides_for
from tools.specification.parsing import Refused, content_of, parse
from tools.specification.texts import WORDS, Words, read_words

ROOT = Path(__file__).resolve().parent.parent
SPECIFICATION = ROOT / "openapi" / "gateway.yaml"
CONFIG = ROOT / "generator-config.yaml"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
PACKAGE = "generated/fireworks_gateway_openapi"
WRAPPER = "wrapper/fireworks_gateway"
FILES = (CONFIG.name, f"{WRAPPER}/_openapi.py", f"{WRAPPER}/specification.py")

# The tools whose versions change the output.
TOOLS = ("openapi-python-client", "ruff")
DIFF_LINES = 12


def check_versions(requirements: str) -> None:
    """Check that the tools are installed in the versions that a requirements file pins.

    Raises:
        Refused: One is not.
    """
    for tool, pinned in re.findall(rf"(?m)^({'|'.join(TOOLS)})==(\S+)", requirements):
        if (installed := version(tool)) != pinned:
            raise Refused(f"{tool} is installed as {installed}, but {REQUIREMENTS.name} pins {pinned}: run `make`")


def check_config(config: Mapping[str, Any]) -> None:
    """Check that the generator knows every setting; it would ignore another.

    Raises:
        Refused: It does not, or a value is invalid.
    """
    try:
        ConfigFile.model_validate(config, extra="forbid")
    except ValidationError as problem:
        error = problem.errors()[0]
        raise Refused(f"{CONFIG.name}: {'.'.join(map(str, error['loc']))}: {error['msg']}") from problem


@frozen
class Outcome:
    """Messages about a generation.

    Attributes:
        remarks: One line for each operation that the generator skipped, for each with a page token that is not a list
            operation, and for each property that is not a field.
        stale: The reason for each description in words.yaml that must be deleted, by place.
        silent: The places without a description in the document and in words.yaml.
    """

    remarks: Sequence[str]
    stale: Mapping[str, str]
    silent: Sequence[str]


def generate(specification: Path, config: Path, target: Path, words: Words | None = None) -> Outcome:
    """Write all generated files into an empty folder, in the layout of the repository.

    Args:
        specification: The document.
        config: The generator's configuration, of which the class overrides are written anew.
        target: The folder.
        words: The content of words.yaml by default.

    Raises:
        Refused: The document or the configuration cannot become code.
    """
    check_versions(REQUIREMENTS.read_text(encoding="utf-8"))
    check_config(read_yaml(config))
    document = content_of(specification.read_text(encoding="utf-8-sig"), specification.name)
    words = words or read_words()
    overrides = overrides_for(document)
    parsed = parse(document, overrides, words.operations)
    modules = Modules(parsed, words, Path(PACKAGE).name)
    texts = (config_with(config.read_text(encoding="utf-8"), overrides), modules.openapi, modules.specification)
    for name, text in zip(FILES, texts, strict=True):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    _run_generator(specification, target / CONFIG.name, target / PACKAGE)
    descriptions = modules.descriptions
    return Outcome([*parsed.omitted, *modules.unlisted], descriptions.stale(), descriptions.silent)


def _run_generator(specification: Path, config: Path, package: Path) -> None:
    # Without --fail-on-warning: an operation that nobody uses may be left out, and `parse` refuses all else.
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta=none"]
    options = [f"--path={specification}", f"--config={config}", f"--output-path={package}"]
    hooks = environment(sysconfig.get_path("scripts"))
    package.parent.mkdir(parents=True, exist_ok=True)
    run = subprocess.run([*command, *options], env=hooks, capture_output=True, encoding="utf-8")
    if run.returncode != 0 or not package.is_dir():
        raise Refused(f"the generator failed: {' '.join((run.stdout + run.stderr).split())}")


def environment(scripts: str) -> dict[str, str]:
    """Return an environment in which the hooks find the ruff of a folder."""
    if shutil.which("ruff", path=scripts) is None:
        raise Refused(f"there is no ruff in {scripts}, and the generator would skip its hooks: run `make`")
    return {**os.environ, "PATH": os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])}


def contents(root: Path) -> dict[str, str]:
    """Return the text of every generated file below a root by its relative path, without compiled files."""
    found = [path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    found += [root / name for name in FILES if (root / name).is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes().decode("utf-8", "replace") for path in found}


def differences(expected: Mapping[str, str], actual: Mapping[str, str]) -> list[str]:
    """Return a report on every file that is missing, extra or different, with its first lines that differ."""
    report: list[str] = []
    for name in sorted({*expected, *actual}):
        if (before := expected.get(name)) == (after := actual.get(name)):
            continue
        lines = difflib.unified_diff((before or "").split("\n"), (after or "").split("\n"), n=0, lineterm="")
        kind = "missing" if after is None else "extra" if before is None else "differs"
        report.append("\n    ".join([f"{kind}: {name}", *islice(lines, 2, DIFF_LINES)]))
    return report


def put_in_place(fresh: Path, root: Path) -> None:
    """Replace the generated files by fresh ones; the package as a whole, to remove stale files."""
    shutil.rmtree(root / PACKAGE, ignore_errors=True)
    shutil.copytree(fresh, root, dirs_exist_ok=True)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def main(arguments: list[str] | None = None) -> None:
    """Generate or check, and exit with a message when that fails."""
    parser = argparse.ArgumentParser(description="Generate everything that the OpenAPI document determines.")
    parser.add_argument("--check", action="store_true", help="compare only; change nothing")
    check: bool = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        try:
            outcome = generate(SPECIFICATION, CONFIG, fresh)
        except Refused as problem:
            sys.exit(f"generate: {problem}")
        found = differences(contents(fresh), contents(ROOT))
        if not check:
            put_in_place(fresh, ROOT)
    for line in outcome.remarks:
        print(line)
    failures = [f"{WORDS.name}: delete {place}, which {why}" for place, why in outcome.stale.items()]
    if check and found:
        failures += [*found, "the generated files differ: run `make generate`"]
    else:
        print(f"{len(found)} generated files changed" if found else "the generated files are up to date")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
