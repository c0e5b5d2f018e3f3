"""The documentation is true: programs and commands print what it says, and links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from fireworks_gateway import SPEC_VERSION
from tools.docs import pages, site
from tools.docs.replay import FENCE, PageError, replayed

PAGES = site.written()
TEXTS = {path: site.text_of(path) for path in PAGES}
WITH_BLOCKS = [
    # A page that starts processes takes seconds; `make docs` runs it.
    pytest.param(path, marks=[pytest.mark.docs] if re.search(r"^\$ (?:python|pytest)", text, re.MULTILINE) else [])
    for path, text in TEXTS.items()
    if FENCE.search(text)
]
PROGRAMS = re.findall(r"```python\n(.*?)```\n", TEXTS["README.md"], re.DOTALL)
SOURCES = (site.ROOT / "wrapper").is_dir()
REFRESH = "`make refresh-docs` writes what they say now"


@pytest.mark.parametrize("path", WITH_BLOCKS)
def test_a_page_says_what_its_programs_and_commands_print(path: str, tmp_path: Path) -> None:
    """Each is run, in the page's order, in a folder of the page's own, away from the sources."""
    assert replayed(TEXTS[path], tmp_path) == TEXTS[path], REFRESH


@pytest.mark.docs
def test_the_pictures_show_what_the_command_line_shows() -> None:
    """On a terminal: they are made of real runs."""
    pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    from tools.docs.pictures import PICTURES, picture_of

    folder = site.ROOT / "docs" / "pictures"
    assert {path.name for path in folder.glob("*.svg")} >= PICTURES.keys()
    assert {name: picture_of(name) for name in PICTURES} == {
        name: (folder / name).read_text(encoding="utf-8") for name in PICTURES
    }, REFRESH


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(path: str) -> None:
    """Each file, and each heading that a link names, is there."""
    broken = [
        f"{file}#{anchor}"
        for file, anchor in pages.linked_from(path, TEXTS[path])
        if SOURCES or not file.startswith("wrapper/")
        if not (site.ROOT / file).exists() or (anchor and anchor not in pages.anchors_in(site.text_of(file)))
    ]
    assert broken == []


def test_every_page_is_on_the_site() -> None:
    """One that is written and in no section would be found by nobody."""
    written = {path.relative_to(site.ROOT).as_posix() for path in (site.ROOT / "docs").rglob("*.md")}
    assert written - set(PAGES) == set()


def test_every_guide_of_the_navigation_is_written() -> None:
    """And the README leads to each."""
    guides = set(site.SECTIONS["Guides"])
    assert guides <= set(PAGES)
    assert guides <= {file for file, _ in pages.linked_from("README.md", TEXTS["README.md"])}


@pytest.mark.parametrize("path", PAGES)
def test_what_is_made_can_be_made(path: str) -> None:
    """Every target of make that a page tells to use is in the Makefile."""
    targets = set(re.findall(r"^([\w-]+):", site.text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make ([a-z][\w-]*)", TEXTS[path], re.MULTILINE)) <= targets


@pytest.mark.docs
def test_the_site_is_whole(tmp_path: Path) -> None:
    """Built with the reference, no link of it leads nowhere, and the reference has every public name."""
    assert site.build(tmp_path / "site") == []
    reference = pages.Targets((tmp_path / "site" / "reference" / "fireworks_gateway.html").read_text(encoding="utf-8"))
    import fireworks_gateway

    assert {name for name in fireworks_gateway.__all__ if not name.startswith("__")} - reference.anchors <= {
        "errors",
        "filters",
        "specification",
    }


@pytest.mark.parametrize(
    ("html", "broken"),
    [
        ('<a href="there.html">', []),
        ('<a href="there.html#here">', []),
        ('<a href="https://example.com/nowhere">', []),
        ('<img src="picture.svg">', []),
        ('<a href="#nowhere">', ["index.html: index.html has no #nowhere"]),
        ('<a href="there.html#nowhere">', ["index.html: there.html has no #nowhere"]),
        ('<a href="nowhere.html">', ["index.html: there is no nowhere.html"]),
        ('<link href="nowhere.css">', ["index.html: there is no nowhere.css"]),
    ],
)
def test_a_broken_link_of_the_site_is_found(html: str, broken: list[str]) -> None:
    """Of a file that is not there, or of an anchor that its page lacks."""
    assert pages.broken_links({"index.html": html, "there.html": '<h1 id="here">'}, {"picture.svg"}) == broken


def test_anchors_are_those_of_code_hosts() -> None:
    """Lower case, without punctuation, with a number where the heading was there before."""
    text = "# What `fit()` is, and isn't\n\n## Twice\n\n## Twice\n\n```text\n# not one\n```\n"
    assert pages.anchors_in(text) == ["what-fit-is-and-isnt", "twice", "twice-1"]


def test_a_page_is_replayed(tmp_path: Path) -> None:
    """What programs and commands print takes the place of what the page says, and all else stays."""
    text = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\n# two.py\nprint(2)\n```\n\nRun it:\n\n"
    names = "fireworks-gateway --demo models list --columns name --output csv --limit 0"
    session = f"```console\n$ python two.py\nthree\n$ echo $?\n1\n$ {names}\n```\n"
    said = f"```console\n$ python two.py\n2\n$ echo $?\n0\n$ {names}\nname\n```\n"
    assert replayed(text + session, tmp_path) == text.replace("3\n", "2\n") + said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```python\nprint()\n```\n", "line 4: the program before has no"),
        ("```python\nprint()\n```\n\nSo:\n\n```text\n\n```\n", "line 7: the program before has no"),
        ("```text\nout of nowhere\n```\n", "line 1: a block of text that nothing"),
        ("\n```bash\nls\n```\n", "line 2: a block of bash that nothing"),
        ("```console\n$ ls\n```\n", "a command that nothing here runs: ls"),
    ],
)
def test_a_block_that_nothing_would_run_is_refused(text: str, told: str, tmp_path: Path) -> None:
    """So that no page says what was never tried."""
    with pytest.raises(PageError, match=re.escape(told)):
        replayed(text, tmp_path)


@pytest.mark.parametrize(("number", "example"), [(0, "ten_lines.py"), (1, "ten_lines_async.py")])
def test_the_examples_are_the_readmes(number: int, example: str) -> None:
    """The first two programs stand in `examples/` too, for the wheel to be tried with."""
    assert site.text_of(f"examples/{example}") == PROGRAMS[number]


def run_example() -> object:
    """Run the program of `make run`, and return its exit status."""
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(site.ROOT / "examples" / "list_models.py"), run_name="__main__")
    return ended.value.code


def test_models_are_listed_without_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    """`make run` prints a table on standard output, and its source on standard error."""
    assert run_example() == 0
    out, err = capsys.readouterr()
    assert "No FIREWORKS_API_KEY is set" in err
    assert "llama-v3p1-8b-instruct" in out
    assert f"302 models, specification {SPEC_VERSION}" in out


def test_a_failed_listing_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The example prints no traceback and exits with status 1."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "k")
    monkeypatch.setenv("FIREWORKS_BASE_URL", "http://127.0.0.1:9")
    assert run_example() == 1
    assert "could not be listed" in capsys.readouterr().err
