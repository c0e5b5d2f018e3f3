"""`docs/api.txt` lists every public name, parameter and type, so that a diff shows each change."""

import fireworks_gateway
from tools.surfaces import SNAPSHOT, read_snapshot, snapshot_text, surface

NAMES = surface()


def test_the_list_is_up_to_date() -> None:
    """`make api` writes it; the changelog explains its changes."""
    assert read_snapshot(SNAPSHOT.read_text(encoding="utf-8")) == NAMES


def test_the_list_can_be_read_back() -> None:
    """One line for each name."""
    assert read_snapshot(snapshot_text(NAMES)) == NAMES


def test_every_public_name_is_in_it() -> None:
    """Including those of submodules, and the values of enums."""
    assert {f"fireworks_gateway.{name}" for name in fireworks_gateway.__all__} <= set(NAMES)
    assert "fireworks_gateway.catalogue.Snapshot.take" in NAMES
    assert NAMES["fireworks_gateway.Model.kind"] == "Field[ModelKind | Unrecognized]"
    assert {f"fireworks_gateway.ModelKind.{kind.name}" for kind in fireworks_gateway.ModelKind} <= set(NAMES)


def test_no_private_module_is_in_it() -> None:
    """Re-exported names have their public paths."""
    assert [name for name in NAMES if any(p.startswith("_") and not p.endswith("__") for p in name.split("."))] == []
