"""The published files: two builds are identical, checkers find nothing, and a bill of materials is complete."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.dist

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a program that must succeed, and return its output."""
    done = subprocess.run([str(each) for each in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tracked() -> Iterator[str]:
    """Return the files of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return (name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def built(at: Path, *, then: int) -> tuple[Path, Path]:
    """Return the wheel and the source archive of a copy of the repository whose files have another date."""
    for name in tracked():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, at / name)
        os.utime(at / name, (then, then))
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", at / "dist", ".", cwd=at)
    return next((at / "dist").glob("*.whl")), next((at / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive."""
    return built(tmp_path_factory.mktemp("one"), then=1_000_000_000)


def test_two_builds_are_identical(artefacts: tuple[Path, Path], tmp_path: Path) -> None:
    """Bytes are equal in another folder and with other file dates."""
    again = built(tmp_path / "elsewhere" / "deeper", then=1_700_000_000)
    assert [path.name for path in again] == [path.name for path in artefacts]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in artefacts]


def test_checkers_find_nothing(artefacts: tuple[Path, Path]) -> None:
    """Metadata, wheel and project file are valid."""
    wheel, archive = artefacts
    assert "PASSED" in run(sys.executable, "-m", "twine", "check", "--strict", wheel, archive)
    run(BIN / "check-wheel-contents", "--toplevel", "fireworks_gateway,fireworks_gateway_openapi", wheel)
    run(BIN / "validate-pyproject", "pyproject.toml")


def test_the_wheel_has_a_bill_of_materials(artefacts: tuple[Path, Path]) -> None:
    """The bill lists every dependency of the metadata, and the digest of the document."""
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
    source = (ROOT / "openapi" / "SOURCE.md").read_text(encoding="utf-8")
    document = next(each for each in bill["components"] if each["type"] == "data")
    assert document["hashes"][0]["content"] in source
    assert document["version"] in source


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
