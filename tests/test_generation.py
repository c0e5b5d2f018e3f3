"""The generated package is what the generator makes, and the program that says so can say no."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import fireworks_gateway_openapi.models as generated_models
from tools import generate

SCHEMAS = sorted(generate.read_yaml(generate.SPECIFICATION)["components"]["schemas"])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the generator makes it now."""
    package = tmp_path_factory.mktemp("generated") / generate.PACKAGE.name
    generate.generate(generate.SPECIFICATION, generate.CONFIG, package)
    return package


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checked-in package, to be spoilt."""
    return shutil.copytree(
        generate.PACKAGE, tmp_path / generate.PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__")
    )


def config_with(tmp_path: Path, **settings: object) -> Path:
    """The project's generator configuration with some settings changed."""
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({**generate.read_yaml(generate.CONFIG), **settings}), encoding="utf-8")
    return path


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_has_a_class_of_its_own_name(schema: str) -> None:
    """Classes are named after the specification's keys, so that a reworded title renames nothing."""
    assert schema[0].upper() + schema[1:] in generated_models.__all__


def test_the_specification_has_all_its_schemas() -> None:
    """The test above would pass on a specification without schemas; this one would not."""
    assert {"gatewayModel", "gatewayListModelsResponse"} < set(SCHEMAS)


def test_the_generated_package_is_marked_as_typed() -> None:
    """Type checkers of our users read the generated annotations."""
    assert (generate.PACKAGE / "py.typed").is_file()


def test_the_checked_in_package_is_what_the_generator_makes(fresh: Path) -> None:
    """Nobody edited the generated package, and nobody forgot to generate it again."""
    assert generate.differences(generate.contents(fresh), generate.contents(generate.PACKAGE)) == []


def test_an_edited_file_is_reported_with_its_first_changed_lines(copy: Path) -> None:
    """The report shows what was edited, not only that something was."""
    with (copy / "types.py").open("a", encoding="utf-8") as file:
        file.write("EDITED = True\n")

    [report] = generate.differences(generate.contents(generate.PACKAGE), generate.contents(copy))

    assert report.startswith("differs: types.py\n")
    assert "    +EDITED = True" in report.splitlines()


def test_an_edit_of_line_endings_alone_is_reported(copy: Path) -> None:
    """Files are compared by bytes, so an editor's silent conversion shows."""
    text = (copy / "errors.py").read_bytes()
    (copy / "errors.py").write_bytes(text.replace(b"\n", b"\r\n"))

    [report] = generate.differences(generate.contents(generate.PACKAGE), generate.contents(copy))

    assert report.startswith("differs: errors.py")


def test_a_missing_file_is_reported(copy: Path) -> None:
    """A file that the generator makes must be checked in."""
    (copy / "errors.py").unlink()

    assert generate.differences(generate.contents(generate.PACKAGE), generate.contents(copy)) == ["missing: errors.py"]


def test_an_extra_file_is_reported(copy: Path) -> None:
    """A file that the generator does not make has no place among its output."""
    (copy / "models" / "stale.py").touch()

    assert generate.differences(generate.contents(generate.PACKAGE), generate.contents(copy)) == [
        "extra:   models/stale.py"
    ]


def test_compiled_files_are_no_difference(copy: Path) -> None:
    """Importing the package writes into it, and that is not an edit."""
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "types.cpython-311.pyc").touch()

    assert generate.differences(generate.contents(generate.PACKAGE), generate.contents(copy)) == []


def test_a_swap_leaves_no_stale_file(copy: Path, tmp_path: Path) -> None:
    """A schema that is gone takes its module with it."""
    (copy / "models" / "stale.py").touch()
    new = tmp_path / "scratch" / copy.name
    shutil.copytree(generate.PACKAGE, new, ignore=shutil.ignore_patterns("__pycache__"))
    expected = generate.contents(new)

    generate.swap(new, copy)

    assert generate.contents(copy) == expected
    assert not new.exists()


def test_a_setting_the_generator_does_not_know_is_refused(tmp_path: Path) -> None:
    """The generator ignores a misspelt setting; we do not."""
    config = config_with(tmp_path, class_override={})

    with pytest.raises(generate.GenerationFailed, match="knows no setting 'class_override'"):
        generate.generate(generate.SPECIFICATION, config, tmp_path / "package")


def test_a_misspelt_part_of_an_override_is_refused(tmp_path: Path) -> None:
    """An override is checked as closely as the settings around it."""
    overrides = {"StatusProto": {"class_name": "GatewayStatus", "module": "gateway_status"}}
    config = config_with(tmp_path, class_overrides=overrides)

    with pytest.raises(generate.GenerationFailed, match=r"class_overrides\.StatusProto\.module"):
        generate.generate(generate.SPECIFICATION, config, tmp_path / "package")


def test_an_override_that_renames_nothing_is_refused(tmp_path: Path) -> None:
    """An override outlives the title it was written for only until the next generation."""
    overrides = {**generate.read_yaml(generate.CONFIG)["class_overrides"], "OldTitle": {"class_name": "New"}}
    config = config_with(tmp_path, class_overrides=overrides)

    with pytest.raises(generate.GenerationFailed, match="'OldTitle' renames nothing"):
        generate.generate(generate.SPECIFICATION, config, tmp_path / "package")


def test_a_schema_without_a_class_of_its_name_is_refused() -> None:
    """A title that was reworded, or a schema that was dropped, stops the generation by name."""
    schemas: dict[str, object] = {"typeDate": {"type": "object"}, "gatewayModel": {"enum": ["A"]}}

    problems = generate.missing_classes({"components": {"schemas": schemas}}, {"GatewayModel"})

    assert problems == ["schema typeDate has no class TypeDate"]


@pytest.mark.parametrize(
    "installed",
    [{"openapi-python-client": "0.29.0", "ruff": "0.17.5"}, {"ruff": "0.17.5"}],
    ids=["another", "absent"],
)
def test_a_tool_in_another_version_is_refused(installed: dict[str, str]) -> None:
    """The output is a function of the tools too, so they are exactly the pinned ones."""
    pinned = generate.pinned_versions("openapi-python-client==0.29.1 \\\n    --hash=sha256:0\nruff==0.17.5\n")

    [problem] = generate.version_problems(pinned, installed)

    assert problem.startswith("openapi-python-client is installed as")
    assert problem.endswith("pins 0.29.1")


def test_the_tools_of_this_environment_are_the_pinned_ones() -> None:
    """The requirements file pins every tool, and the environment was made from it."""
    pinned = generate.pinned_versions(generate.REQUIREMENTS.read_text(encoding="utf-8"))

    assert generate.version_problems(pinned, generate.installed_versions()) == []


def test_generating_without_ruff_is_refused(tmp_path: Path) -> None:
    """The generator skips hooks that it cannot run and succeeds; we do not."""
    with pytest.raises(generate.GenerationFailed, match="there is no ruff in"):
        generate.environment(str(tmp_path))
