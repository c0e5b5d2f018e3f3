"""Values in a notebook: tables that are escaped and cut, completions, help, and mocks."""

import asyncio
import io
import sys
from contextlib import redirect_stderr
from importlib import import_module
from pydoc import render_doc
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model
from fireworks_gateway.catalogue import Snapshot, diff
from fireworks_gateway.testing import FakeGateway

EVIL = "<script>&"
GATEWAY = FakeGateway(60)
PAGER = GATEWAY.client().models.list(filter=f'name != "{EVIL}"')
PAGE = next(GATEWAY.client().models.list().pages())
MODEL = Model(
    {
        "name": f"accounts/a/models/{EVIL}",
        "displayName": f"\ud800{EVIL * 1_000}",
        "contextLength": EVIL,
        "novel": {EVIL: [EVIL]},
        "baseModelDetails": {"moe": True, "modelType": EVIL},
        "deprecationDate": {"year": 2027, "month": 3},
        "kind": EVIL,
    }
)
SNAPSHOT = Snapshot.take(GATEWAY.client().models.list())
CHANGES = diff([MODEL, *SNAPSHOT.models[:50]], [Model({**MODEL.payload, "kind": "x"}), *SNAPSHOT.models[25:]])
VALUES: list[Any] = [
    MODEL,
    MODEL.base_model_details,
    PAGER,
    PAGE,
    SNAPSHOT,
    CHANGES,
    MODEL.serving_status(),
    Model.name == EVIL,
    GATEWAY.async_client().models.list(filter=f'name != "{EVIL}"'),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_shown_in_a_notebook(value: Any) -> None:
    """IPython gets a short text and safe HTML, and nothing is requested."""
    formatter: Any = import_module("IPython.core.formatters").DisplayFormatter()
    before = len(GATEWAY.requests)
    shown, _ = formatter.format(value)
    assert len(GATEWAY.requests) == before
    assert EVIL not in shown["text/html"]
    assert len(shown["text/html"].encode()) < 6_000
    assert len(shown["text/plain"]) < 500


def test_tables_are_cut_and_report_it() -> None:
    """A table has thirty rows and the number of the others; a cell has 120 characters."""
    assert SNAPSHOT._repr_html_().count("<tr>") == PAGE._repr_html_().count("<tr>") == 31
    assert "… and 30 more" in SNAPSHOT._repr_html_()
    assert f"… and {len(CHANGES) - 30} more" in CHANGES._repr_html_()
    assert repr(CHANGES) == "<Diff: 10 added, 25 removed, 1 changed>"
    assert "display_name" in MODEL._repr_html_()
    assert "base_model_details.model_type" in MODEL._repr_html_()


@pytest.mark.parametrize("jedi", [True, False])
def test_names_are_completed(jedi: bool) -> None:
    """By IPython, with and without jedi: fields of a class, of a message in it, and of a model."""
    completer_module: Any = import_module("IPython.core.completer")
    names = {"Model": Model, "model": MODEL, "client": GATEWAY.client()}
    completer = completer_module.IPCompleter(namespace=names, global_namespace={})
    completer.use_jedi = jedi

    def complete(text: str) -> set[str]:
        with completer_module.provisionalcompleter():
            return {each.text.rpartition(".")[2] for each in completer.completions(text, len(text))}

    assert {"context_length", "supports_serverless"} <= complete("Model.")
    assert {"moe", "is_set"} <= complete("Model.base_model_details.")
    assert {"moe", "parameter_count"} <= complete("model.base_model_details.")
    assert {"list", "get"} <= complete("client.models.")


@pytest.mark.parametrize("kind", [GatewayClient, AsyncGatewayClient])
def test_help_and_mocks_know_models(kind: Any) -> None:
    """A mock of a client has the methods of `models`, with their parameters."""
    assert "The models of an account." in render_doc(kind)
    mock = create_autospec(kind, instance=True)
    mock.models.list(filter="state = READY")
    with pytest.raises(AttributeError):
        _ = mock.models.lst
    with pytest.raises(TypeError, match="fitler"):
        mock.models.list(fitler="state = READY")


def test_progress_is_shown_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error, or in one output of a notebook that is updated."""
    with redirect_stderr(io.StringIO()) as error:
        assert len(FakeGateway(450).client().models.list().to_list(progress=True)) == 450
        assert len(asyncio.run(FakeGateway(3).async_client().models.list().to_list(progress=True))) == 3
    assert error.getvalue() == "\r200 items\r400 items\r450 items\n\r3 items\n"
    shown: list[Any] = []
    handle = SimpleNamespace(update=lambda data, raw: shown.append(data))

    def display(data: Any, **options: Any) -> Any:
        shown.append(data)
        return handle

    notebook = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=1), display=SimpleNamespace(display=display))
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    FakeGateway(250).client().models.list().to_list(progress=True)
    assert shown == [{"text/plain": "200 items"}, {"text/plain": "250 items"}]
