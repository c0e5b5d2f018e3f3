"""Programs and commands of the documentation print the output that it shows."""

import io
import re
import runpy
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.docs.__main__ import PAGES, ROOT
from tools.docs.replay import FENCE, PageError, replay_page

TEXTS = {path: (ROOT / path).read_text(encoding="utf-8") for path in PAGES}
WITH_BLOCKS = [
    # A page that starts processes takes seconds; `make docs` runs it.
    pytest.param(path, marks=[pytest.mark.docs] if re.search(r"^\$ (?:python|pytest)", text, re.MULTILINE) else [])
    for path, text in TEXTS.items()
    if FENCE.search(text)
]
REFRESH = "run `make refresh-docs`"
CONFIGURATION = runpy.run_path(str(ROOT / "docs" / "conf.py"))


@pytest.mark.parametrize("path", WITH_BLOCKS)
def test_a_page_shows_the_output_of_its_programs(path: str, tmp_path: Path) -> None:
    """Each is run in the page's order, in an empty folder."""
    shown, printed = TEXTS[path].splitlines(), replay_page(TEXTS[path], tmp_path).splitlines()
    for number, (line, current) in enumerate(zip_longest(shown, printed, fillvalue=""), 1):
        assert line == current, f"{path}:{number}: the page shows {line!r}, the program prints {current!r}; {REFRESH}"


@pytest.mark.docs
def test_the_pictures_are_current() -> None:
    """They show real runs on a terminal."""
    pytest.importorskip("pty", reason="no pseudo-terminals")
    from tools.docs.pictures import PICTURES, picture_of

    folder = ROOT / "docs" / "pictures"
    assert {path.name for path in folder.glob("*.svg")} >= PICTURES.keys()
    assert {name: picture_of(name) for name in PICTURES} == {
        name: (folder / name).read_text(encoding="utf-8") for name in PICTURES
    }, REFRESH


@pytest.mark.parametrize("path", PAGES)
def test_every_target_of_make_exists(path: str) -> None:
    """Each target in a page is in the Makefile."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make ([a-z][\w-]*)", TEXTS[path], re.MULTILINE)) <= targets


def test_a_page_is_replayed(tmp_path: Path) -> None:
    """The new output replaces the old one, and all else stays."""
    text = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\n# two.py\nprint(2)\n```\n\nRun it:\n\n"
    names = "fireworks-gateway --demo models list --columns name --output csv --limit 0"
    session = f"```console\n$ python two.py\nthree\n$ echo $?\n1\n$ {names}\n```\n"
    replayed = f"```console\n$ python two.py\n2\n$ echo $?\n0\n$ {names}\nname\n```\n"
    assert replay_page(text + session, tmp_path) == text.replace("3\n", "2\n") + replayed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```python\nprint()\n```\n", "line 1: a block of python without its output"),
        ("```python\nprint()\n```\n\nSo:\n\n```text\n\n```\n", "line 1: a block of python without its output"),
        ("\n```text\nout of nowhere\n```\n", "line 2: a block of text"),
        ("```python\n# a.py\n```\n\n```text\nout of nowhere\n```\n", "line 1: a block of python"),
        ("\n```python\nModel.gone\n```\n", "line 2: the program raises NameError: name 'Model' is not defined"),
        ("```bash\nls\n```\n", "line 1: a block of bash"),
        ("```console\n$ ls\n```\n", "an unknown command: ls"),
    ],
)
def test_a_block_that_nothing_would_run_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """Such a page would show untested output."""
    with pytest.raises(PageError, match=re.escape(message)):
        replay_page(text, tmp_path)


def test_the_readme_has_the_numbers_of_the_benchmarks() -> None:
    """A measurement that changes fails here until the README shows it."""
    claims = re.sub(r"\s+", " ", TEXTS["README.md"])
    for client in ("GatewayClient", "fireworks-ai"):
        # The first two tables with a row of the client alone: a listing, and an import.
        row = re.compile(rf"^\| `{client}` \| (\d+) \| (\d+\.\d)", re.MULTILINE)
        listing, importing = row.findall(TEXTS["docs/benchmarks.md"])[:2]
        assert re.search(rf"{float(listing[1]):.0f} µs[^;.]*\b{listing[0]} requests", claims)
        assert f" {importing[0]} ms" in claims


def run_example() -> object:
    """Run the program of `make run`, and return its exit status."""
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "examples" / "list_models.py"), run_name="__main__")
    return ended.value.code


def test_models_are_listed_without_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    """`make run` prints a table of 80 columns on standard output, and its source and the rest on standard error."""
    assert run_example() == 0
    out, err = capsys.readouterr()
    assert "No FIREWORKS_API_KEY is set" in err
    assert re.search(r"^ llama-v3p1-8b-instruct +ENDING +\d{4}-\d\d-\d\d +131,072 *$", out, re.MULTILINE)
    assert all(len(line.rstrip()) <= 80 for line in out.splitlines())
    assert re.search(r"\n\d+ of 302 models are callable\.\nNext:\n .* --demo models show ", err)


def test_the_environment_of_make_run_is_small() -> None:
    """A new user waits for few packages, in the versions that are tested."""
    small, whole = (
        re.findall(r"^[a-z].*==\S+", (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8"), re.M)
        for name in ("run", "dev")
    )
    assert len(small) <= 35
    assert set(small) <= set(whole)


def test_a_failed_listing_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The example prints no traceback and exits with status 1."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "k")
    monkeypatch.setenv("FIREWORKS_BASE_URL", "http://127.0.0.1:9")
    assert run_example() == 1
    assert "could not be listed" in capsys.readouterr().err


@given(st.text("`*_|\\:.<>-+=[](){}#'\"/,a1 ", max_size=14))
def test_any_text_of_a_document_can_be_documented(text: str) -> None:
    """Sphinx, which `make docs` runs with warnings as errors, interprets no character of a description."""
    lines = [" ".join(text.split()), ""]
    CONFIGURATION["read_docstring"](None, "attribute", "Model.field", None, None, lines)
    settings = {"report_level": 2, "halt_level": 2, "warning_stream": io.StringIO()}

    docutils = pytest.importorskip("docutils.core")
    shown = docutils.publish_doctree("\n".join(lines), settings_overrides=settings).astext()

    assert re.sub(r"[`\s]", "", shown) == re.sub(r"[`\s]", "", text)
