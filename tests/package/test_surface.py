"""`docs/api.txt` lists every promised name, parameter and type, so that a diff shows each change."""

import re
from pathlib import Path

import fireworks_gateway
from tools.surfaces import SNAPSHOT, read_snapshot, snapshot_text, surface

NAMES = surface()


def test_the_list_is_up_to_date() -> None:
    """`make api` writes it; the changelog explains its changes."""
    assert read_snapshot(SNAPSHOT.read_text(encoding="utf-8")) == NAMES


def test_the_list_can_be_read_back() -> None:
    """One line for each name."""
    assert read_snapshot(snapshot_text(NAMES)) == NAMES


def test_it_has_the_promised_namespaces() -> None:
    """Those of the page about pinning, and no other module."""
    page = (Path(SNAPSHOT).parent / "pinning.md").read_text(encoding="utf-8")
    promise = re.search(r"^\* the public namespaces (.*?);$", page, re.MULTILINE | re.DOTALL)
    assert promise is not None
    promised = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", promise[1])}
    assert {name.split(".")[1] for name, line in NAMES.items() if line == "module"} == promised


def test_names_without_a_promise_are_absent() -> None:
    """The generated client, pickles, and methods that only raise an error with a remedy."""
    assert "fireworks_gateway.types.GeneratedClient" in NAMES
    absent = ("fireworks_gateway.types.GeneratedClient.", "fireworks_gateway.cli")
    assert not [name for name in NAMES if name.startswith(absent) or name.endswith((".__reduce__", ".__getattr__"))]


def test_every_public_name_is_in_it() -> None:
    """Including those of submodules, and the values of enums."""
    assert {f"fireworks_gateway.{name}" for name in fireworks_gateway.__all__} <= set(NAMES)
    assert "fireworks_gateway.catalogue.Snapshot.take" in NAMES
    assert NAMES["fireworks_gateway.Model.kind"] == "Field[ModelKind | Unrecognized]"
    assert {f"fireworks_gateway.ModelKind.{kind.name}" for kind in fireworks_gateway.ModelKind} <= set(NAMES)


def test_no_private_module_is_in_it() -> None:
    """Re-exported names have their public paths."""
    assert [name for name in NAMES if any(p.startswith("_") and not p.endswith("__") for p in name.split("."))] == []
