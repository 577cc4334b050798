"""What an HTML build writes beside its pages, and what it tells machines within them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker

from handbook.outputs import additions, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.projects import Built, Project

PAGES = {
    "index.md": """# Home

```{toctree}
club/page
data
```
""",
    "club/page.md": """# The club

:::{milestone} The secretariat settles in Jianggan (江干区)
:name: secretariat-2019
:date: 2019-01
:strands: club hangzhou
:sources: cnis2019
:place: Hangzhou
A *ceremony* was held {cite:p}`press2017`. It says "open"\\</script>.
:::

:::{milestone} Something may have happened
:name: something-2016
:date: 2016?
:strands: club
:sources: press2017
It took place.
:::
""",
    "data.md": """# Data

:::{fields} milestones
:::

:::{timeline}
:overview: 2012
:::

:::{bibliography}
:all:
:::
""",
}
NAMES = {
    "milestones.ics",
    "sources.csl.json",
    "sources.ris",
    "changes.atom",
    "places.geojson",
    *(
        f"timeline/{part}.{ending}"
        for part in ("strand-standards", "strand-club", "strand-hangzhou", "page-club-page")
        for ending in ("ics", "atom")
    ),
    *(f"{kind}.{ending}" for kind in additions.KINDS for ending in ("atom", "feed.json")),
} | {f"{table}.{ending}" for table in tables.TABLES for ending in ("json", "csv", "schema.json")}


def exports(built: Built) -> dict[str, bytes]:
    """The exports by their paths within ``data/``."""
    folder = built.out / "data"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "index.html"
    }


@pytest.fixture
def small(project: Callable[..., Project]) -> Project:
    return project(PAGES)


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_each_html_build_writes_all_exports(small: Project, builder: str) -> None:
    built = small.build(builder)
    assert built.warnings == []
    assert exports(built).keys() == NAMES


def test_other_builders_write_none(small: Project) -> None:
    assert not (small.build("epub").out / "data").exists()


def test_the_files_keep_to_their_schemas(small: Project) -> None:
    built = small.build()
    for table in tables.TABLES:
        schema, data = (
            json.loads(built.text(f"data/{table}.{ending}")) for ending in ("schema.json", "json")
        )
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
        assert data[table]


def test_a_milestone_leads_to_its_anchor_with_its_words(small: Project) -> None:
    rows = {
        row["name"]: row
        for row in json.loads(small.build().text("data/milestones.json"))["milestones"]
    }
    row = rows["secretariat-2019"]
    assert row["address"] == "club/page.html#secretariat-2019"
    assert row["text"] == 'A ceremony was held. It says "open"</script>.'
    assert (row["date"], row["earliest"], row["latest"]) == ("2019-01", "2019-01-01", "2019-01-31")
    assert any(name.endswith("-published") for name in rows)


def test_two_builds_give_the_same_bytes(small: Project, tmp_path: Path) -> None:
    first = small.build()
    before = exports(first)
    shutil.rmtree(small.root / "build")
    assert exports(small.build()) == before


def test_a_part_of_the_timeline_goes_with_its_page(small: Project) -> None:
    small.build()
    (small.docs / "club/page.md").unlink()
    small.write("index.md", "# Home\n\n```{toctree}\ndata\n```\n")
    assert not [name for name in exports(small.build()) if "club" in name]


def test_the_calendar_of_a_build_is_readable(small: Project) -> None:
    events = Calendar.from_ical((small.build().out / "data/milestones.ics").read_bytes()).walk(
        "VEVENT"
    )
    assert "secretariat-2019@sustainable-city-standards-handbook" in {
        str(event["uid"]) for event in events
    }


def test_the_data_page_links_its_files_and_explains_each_field(small: Project) -> None:
    soup = small.build().soup("data.html")
    assert [link["href"] for link in soup.select(".hb-downloads a")] == [
        f"data/milestones.{ending}"
        for ending in ("json", "csv", "ics", "atom", "feed.json", "schema.json")
    ]
    assert [code.text for code in soup.select("table tbody td:first-child code")] == [
        field.name for field in tables.MILESTONE_FIELDS
    ]


def test_links_to_files_fit_the_address_form_of_dirhtml(small: Project) -> None:
    soup = small.build("dirhtml").soup("data/index.html")
    assert soup.select(".hb-downloads a")[0]["href"] == "../data/milestones.json"


def test_an_unknown_export_is_a_warning(project: Callable[..., Project]) -> None:
    built = project({"index.md": "# Home\n\n:::{fields} milestone\n:::\n"}).build()
    assert built.warnings == [
        "docs/index.md:3: WARNING: Y002 'milestone' is not an export (hint: did you mean milestones? use one of milestones, deliverables, sources, adoptions, places, offices, profiles, wants, indicators) [handbook.Y002]",
    ]


def test_a_milestone_offers_how_to_cite_it(small: Project) -> None:
    block = (
        small.build(project="Handbook", release="2026.11")
        .soup("club/page.html")
        .select_one("#secretariat-2019 details.hb-cite")
    )
    assert block
    assert "edition 2026.11. club/page.html#secretariat-2019. Read [day of reading]." in block.text
    assert [pre.text.split("{")[0] for pre in block.select("pre")] == [
        "@online",
        "",
        "TY  - ELEC\nID  - secretariat-2019\nTI  - The secretariat settles in Jianggan (江干区)\nT2  - Handbook\nLA  - en\nET  - 2026.11\nDA  - 1970/01/01/\nY2  - [day of reading]/\nUR  - club/page.html#secretariat-2019\nER  -",
    ]


def test_a_page_tells_its_events_in_the_words_of_schema_org(small: Project) -> None:
    script = small.build().soup("club/page.html").select_one('script[type="application/ld+json"]')
    assert script
    graph = {thing.get("@id"): thing for thing in json.loads(script.text)["@graph"]}
    assert (
        graph["#secretariat-2019"]["startDate"]
        == graph["#secretariat-2019"]["endDate"]
        == "2019-01"
    )
    assert graph["#secretariat-2019"]["location"] == {"@type": "Place", "name": "Hangzhou"}
    assert "startDate" not in graph["#something-2016"], (
        "an uncertain date must not be told as a certain one"
    )


def test_a_page_tells_the_way_down_to_it_in_the_words_of_schema_org(small: Project) -> None:
    script = small.build().soup("club/page.html").select_one('script[type="application/ld+json"]')
    assert script
    (crumbs,) = [
        thing for thing in json.loads(script.text)["@graph"] if thing["@type"] == "BreadcrumbList"
    ]
    assert [
        (step["position"], step["name"], step.get("item")) for step in crumbs["itemListElement"]
    ] == [
        (1, "Home", "../index.html"),
        (2, "The club", None),
    ]


def test_a_glossary_tells_its_terms(project: Callable[..., Project]) -> None:
    page = "# Words\n\n:::{glossary}\nStage\n  A step.\n\n标准\n  A rule.\n:::\n"
    script = (
        project({"index.md": page}).build().soup().select_one('script[type="application/ld+json"]')
    )
    assert script
    assert [(thing["@type"], thing["name"]) for thing in json.loads(script.text)["@graph"]] == [
        ("DefinedTerm", "Stage"),
        ("DefinedTerm", "标准"),
    ]
    assert [thing["description"] for thing in json.loads(script.text)["@graph"]] == [
        "A step.",
        "A rule.",
    ]


def test_a_page_with_files_tells_its_datasets(small: Project) -> None:
    script = (
        small.build(release="2026.11")
        .soup("data.html")
        .select_one('script[type="application/ld+json"]')
    )
    assert script
    milestones = json.loads(script.text)["@graph"][0]
    assert milestones["description"] == tables.ABOUT["milestones"]
    assert milestones["version"] == "2026.11"
    assert {
        "@type": "DataDownload",
        "contentUrl": "data/milestones.ics",
        "encodingFormat": "text/calendar",
    } in milestones["distribution"]


def test_the_overview_is_drawn_wide_and_tall_in_html_only(small: Project) -> None:
    pictures = small.build().soup("data.html").select(".hb-overview-frame :is(img, source)")
    for picture, name in zip(pictures, ["tall", "broad"], strict=True):
        path = str(picture.get("src") or picture.get("srcset"))
        drawn = ElementTree.parse(small.build().out / path).getroot()
        assert drawn.get("class") == f"hb-overview hb-{name}"
    assert "<svg" not in small.build("text").text("data.txt")


def test_another_sphinx_project_links_here_by_intersphinx(
    small: Project, project: Callable[..., Project], tmp_path: Path
) -> None:
    here = small.build()
    other = tmp_path / "other"
    other.mkdir()
    (other / "conf.py").write_text(
        "extensions = ['sphinx.ext.intersphinx']\n"
        f"intersphinx_mapping = {{'handbook': ('https://example.org/', {str(here.out / 'objects.inv')!r})}}\n",
        "utf-8",
    )
    (other / "index.rst").write_text(
        "Other\n=====\n\n:external+handbook:std:ref:`the ceremony <secretariat-2019>`\n", "utf-8"
    )
    from sphinx.testing.util import SphinxTestApp

    app = SphinxTestApp("html", srcdir=other)
    try:
        app.build()
    finally:
        app.cleanup()
    assert app.warning.getvalue() == ""
    assert 'href="https://example.org/club/page.html#secretariat-2019"' in (
        other / "_build/html/index.html"
    ).read_text("utf-8")


def test_the_inventory_has_milestones_and_standards(project: Callable[..., Project]) -> None:
    from sphinx.util.inventory import InventoryFile

    built = project("catalogue").build()
    with (built.out / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    assert "iso-37101-2016" in inventory["handbook:standard"]
