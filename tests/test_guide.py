"""The README and the pages of the guide: their links lead somewhere, and every list of pages names all of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from mma_desktop.cli.main import COMMANDS
from mma_desktop.core.class_names import split_readings
from mma_desktop.engine.backbones import languages
from mma_desktop.ui.dialogs.help import PAGES, anchor

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "resources" / "guide"
README = ROOT / "README.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.M | re.S)


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """The relative links of a page."""
    return [one for one in LINK.findall(prose(page)) if "://" not in one]


def anchors(page: Path) -> set[str]:
    return {anchor(title) for title in re.findall(r"^#+ (.+)$", prose(page), re.M)}


@pytest.mark.parametrize("page", [README, *sorted(GUIDE.glob("*.md"))], ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link
        if page.parent == GUIDE:
            assert target.parent == GUIDE, f"{link} is not in the wheel"


def test_every_list_of_pages_names_all_of_them() -> None:
    files = {page.stem for page in GUIDE.glob("*.md")}
    assert set(PAGES) == files, "a page of resources/guide belongs in PAGES of ui/dialogs/help.py"
    in_index = [link.removesuffix(".md") for link in links(GUIDE / "index.md")]
    assert ["index", *dict.fromkeys(in_index)] == list(PAGES), "index.md links every page, in the order of PAGES"
    in_readme = {Path(link).stem for link in links(README) if "resources/guide/" in link}
    assert in_readme == files, "the README's table of the guide links every page"
    site = (ROOT / "packaging" / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.findall(r"^  - (\S+)\.md$", site, re.M) == list(PAGES), (
        "mkdocs.yml lists every page, in the order of PAGES"
    )


def test_every_command_is_described() -> None:
    described = set(re.findall(r"^mma-desktop ([a-z]+)", (GUIDE / "command-line.md").read_text("utf-8"), re.M))
    differ = sorted(COMMANDS.keys() ^ described)
    assert not differ, f"the entries of command-line.md are not those of COMMANDS: {differ}"


def test_titles_in_the_list_are_those_of_the_pages() -> None:
    for name, title in PAGES.items():
        first = prose(GUIDE / f"{name}.md").partition("\n")[0]
        assert name == "index" or first == f"# {title}", f"{name}.md begins with its title in PAGES"


def test_the_readme_is_short_and_keeps_its_commands() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200, "what a README does not need belongs in the guide"
    assert "    python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/mma-desktop" in lines
    assert "    python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest" in lines


LABELLING = GUIDE / "labelling.md"


def test_names_that_are_not_english_are_read_as_the_guide_says() -> None:
    (examples,) = re.findall(r"^Call your classes as you like: (.+?)\.", LABELLING.read_text("utf-8"), re.M)
    told = dict(re.findall(r"(\w[^,()]*?) \(([^)]+)\)", examples))
    assert len(told) == 3
    for (name, english), reading in zip(told.items(), languages.read_as([*told], ""), strict=True):
        assert english in split_readings(reading.text), name
        assert not reading.doubtful, name


def test_as_many_languages_are_listed_as_counted() -> None:
    text = " ".join(LABELLING.read_text("utf-8").split())
    counted, listed = re.findall(r"for (\d+) languages: ([^.]+?), and for lists", text)[0]
    names = re.split(r", | and (?!trad)", listed.replace(" (simplified and traditional)", ", Chinese"))
    assert len(names) == int(counted)
    assert f"any of {counted} languages" in " ".join(README.read_text("utf-8").split())


def test_the_guide_is_in_the_wheel() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"]["resources/guide"] == "mma_desktop/resources/guide"
