"""The published files: identical builds, complete metadata, and a bill of materials."""

import ast
import json
import os
import re
import shutil
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tests.shared.processes import output_of
from tools.sbom import LICENCES

pytestmark = pytest.mark.dist

ROOT = Path(__file__).parents[2]


def tracked() -> Iterator[str]:
    """Return the files of the repository."""
    listed = output_of("git", "ls-files", "-z", cwd=ROOT)
    return (name for name in listed.split("\0") if name and (ROOT / name).is_file())


def built(at: Path, *, then: int) -> tuple[Path, Path]:
    """Return the wheel and the source archive of a copy of the repository whose files have another date."""
    for name in tracked():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, at / name)
        os.utime(at / name, (then, then))
    output_of(sys.executable, "-m", "build", "--no-isolation", "--outdir", at / "dist", ".", cwd=at)
    return next((at / "dist").glob("*.whl")), next((at / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive."""
    return built(tmp_path_factory.mktemp("one"), then=1_000_000_000)


@pytest.fixture(scope="module")
def metadata(artefacts: tuple[Path, Path]) -> Message:
    """The metadata in the wheel; its payload is the description."""
    with zipfile.ZipFile(artefacts[0]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(wheel.read(name))


def test_two_builds_are_identical(artefacts: tuple[Path, Path], tmp_path: Path) -> None:
    """Bytes are equal in another folder and with other file dates."""
    again = built(tmp_path / "elsewhere" / "deeper", then=1_700_000_000)
    assert [path.name for path in again] == [path.name for path in artefacts]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in artefacts]


def test_checkers_find_nothing(artefacts: tuple[Path, Path]) -> None:
    """Metadata, wheel and project file are valid."""
    wheel, archive = artefacts
    programs = Path(sys.executable).parent
    assert "PASSED" in output_of(sys.executable, "-m", "twine", "check", "--strict", wheel, archive)
    output_of(programs / "check-wheel-contents", "--toplevel", "fireworks_gateway,fireworks_gateway_openapi", wheel)
    output_of(programs / "validate-pyproject", "pyproject.toml", cwd=ROOT)


def test_links_of_the_description_are_absolute(metadata: Message) -> None:
    """Each link into the repository names the tag of the version, and a file that exists."""
    description = metadata.get_payload(decode=True)
    assert isinstance(description, bytes)
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)]*)\)", description.decode())
    repository = f"{addresses(metadata)['Homepage']}/"
    for mark, target in links:
        assert target.startswith("https://")
        if target.startswith(repository):
            kind, tag, path = target.removeprefix(repository).split("/", 2)
            assert (kind, tag) == ("raw" if mark else "blob", f"v{metadata['Version']}")
            assert (ROOT / path).is_file()
    relative = re.findall(r"\]\((?!https:)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len([target for _, target in links if target.startswith(repository)]) == len(relative) > 0


def addresses(metadata: Message) -> dict[str, str]:
    """Return the addresses of the project by label."""
    return dict(each.split(", ", 1) for each in metadata.get_all("Project-URL", []))


def test_the_metadata_names_authors_and_addresses(metadata: Message) -> None:
    """An index shows them beside the description."""
    assert metadata["Author"]
    assert addresses(metadata).keys() == {"Homepage", "Documentation", "Changelog", "Issues"}


def test_every_address_of_the_repository_has_the_same_owner(metadata: Message) -> None:
    """One replacement changes all of them: documents, workflows and project file."""
    owner = addresses(metadata)["Homepage"].split("/")[-2]
    address = re.compile(
        r"(?:github\.com/|uses: )([\w-]+)/fireworks-gateway\b|//([\w-]+)\.github\.io/fireworks-gateway"
    )
    found = {}
    for name in tracked():
        if name.endswith((".md", ".toml", ".yml", ".yaml")):
            for match in address.finditer((ROOT / name).read_text(encoding="utf-8")):
                found[f"{name}: {match[0]}"] = match[1] or match[2]
    assert {each: other for each, other in found.items() if other != owner} == {}
    assert {"README.md", "pyproject.toml", "docs/guides/checking.md"} <= {each.split(":")[0] for each in found}


def test_classifiers_name_the_tested_pythons(metadata: Message) -> None:
    """A Python whose tests may fail is in no matrix entry, and is not claimed."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["tests"]["strategy"]["matrix"]["python"]
    prefix = "Programming Language :: Python :: "
    claimed = [each.removeprefix(prefix) for each in metadata.get_all("Classifier", []) if each.startswith(prefix)]
    assert [each for each in claimed if "." in each] == tested
    assert metadata["Requires-Python"] == f">={tested[0]}"


def imported_modules(wheel: zipfile.ZipFile) -> set[str]:
    """Return the top-level modules of others that the modules of a wheel import."""
    found: set[str] = set()
    for name in wheel.namelist():
        if name.endswith(".py"):
            for node in ast.walk(ast.parse(wheel.read(name))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"fireworks_gateway", "fireworks_gateway_openapi"}


def test_dependencies_are_declared(artefacts: tuple[Path, Path], metadata: Message) -> None:
    """Every import has a requirement, and every requirement an import."""
    distributions = packages_distributions()
    with zipfile.ZipFile(artefacts[0]) as wheel:
        imported = {distributions[module][0].lower() for module in imported_modules(wheel)}
    declared = {Requirement(each).name for each in metadata.get_all("Requires-Dist", [])}
    # pytest loads the fixtures, and a program that converts a listing to Arrow has pyarrow.
    assert imported - {"pyarrow", "pytest"} == declared


def test_the_wheel_has_a_bill_of_materials(artefacts: tuple[Path, Path]) -> None:
    """It lists every dependency with the version of the lock, and the digest of the document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for those in project["optional-dependencies"].values() for each in those),
    ]
    with zipfile.ZipFile(artefacts[0]) as wheel:
        name = next(name for name in wheel.namelist() if ".dist-info/sboms/" in name)
        bill = json.loads(wheel.read(name))
    named = {each["name"] for each in bill["components"] if each["type"] == "library"}
    assert named == {requirement.split(">")[0].split("=")[0].split("<")[0] for requirement in wanted}
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").split()
    for each in bill["components"]:
        if each["type"] != "data":
            assert f"{each['name']}=={each['version']}" in lock
            assert each["purl"] == each["bom-ref"] == f"pkg:pypi/{each['name']}@{each['version']}"
    source = (ROOT / "openapi" / "SOURCE.md").read_text(encoding="utf-8")
    document = next(each for each in bill["components"] if each["type"] == "data")
    assert document["hashes"][0]["content"] in source
    assert document["version"] in source


@pytest.mark.parametrize("name", sorted(LICENCES))
def test_licences_are_those_of_the_installed_packages(name: str) -> None:
    """They have a licence as an expression (PEP 639), or as an older field."""
    installed = distribution(name).metadata
    assert LICENCES[name] == (installed["License-Expression"] or installed["License"])


def test_the_files_are_complete(artefacts: tuple[Path, Path]) -> None:
    """The wheel has both packages with their types; the archive has everything to test it."""
    with zipfile.ZipFile(artefacts[0]) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "fireworks_gateway",
        "fireworks_gateway_openapi",
    }
    assert {"fireworks_gateway/py.typed", "fireworks_gateway_openapi/py.typed"} <= set(names)
    with tarfile.open(artefacts[1]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "tests/conftest.py", "openapi/gateway.yaml", "requirements/dev.txt", "tools/sbom.py"} <= inside
