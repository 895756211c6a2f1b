"""Blocks as one HTML page that needs no network, for the screen and for A4 paper."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from evallib.i18n import text
from evallib.report.document import Block, Cover, Figure, FindingList, Heading, Table
from evallib.report.pages.findings import findings_view
from evallib.report.pages.fonts import font_faces
from evallib.report.pages.table_cells import table_view
from evallib.report.plain import exact_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jinja2 import Environment

CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
View = dict[str, Any]


def render_html(
    blocks: Sequence[Block],
    *,
    language: str = "th",
    title: str = "",
    meta: Mapping[str, str] | None = None,
) -> str:
    """Return blocks as one self-contained HTML page.

    Parameters
    ----------
    blocks : sequence of Block
        What the report says, in order. Tables and figures are numbered here.
    language : {"th", "en"}
        Language of the page's own words.
    title : str
        Title of the window and of the running footer; the cover's title when left out.
    meta : mapping of label to value
        Lines of the colophon, such as run id and version. The values are shown as they are.

    Returns
    -------
    str
        A page without script and without any address outside itself; the same blocks give the
        same text. Every text of a block is shown as typed, never read as markup.

    Examples
    --------
    >>> from evallib.report import Heading, Prose
    >>> page = render_html([Heading("น้ำ", number="1"), Prose("<b>")], title="รายงาน")
    >>> "&lt;b&gt;" in page, "<script" in page
    (True, False)
    """
    views = _numbered(blocks)
    covers = [block for block in blocks if isinstance(block, Cover)]
    title = exact_text(title) or (covers[0].title if covers else "")
    return render_page(
        "report.html.j2",
        language=language,
        title=title,
        has_cover=bool(covers),
        sections=_sections(views),
        contents=[view for view in views if view["kind"] == "heading" and view["level"] < 3],
        meta=[(exact_text(label), exact_text(value)) for label, value in (meta or {}).items()],
    )


def render_fragment(block: Block) -> str:
    """Return one block as HTML for a cell of JupyterLab."""
    view = _view(block)
    template = _environment().get_template("fragment.html.j2")
    css = _trusted(_css("fragment.css"))
    return template.render(view=view, language=block.language, css=css)


def render_page(template: str, *, language: str, title: str, **shown: object) -> str:
    """Return a whole page: one of our templates inside the frame that every page shares."""
    environment = _environment()
    body = environment.get_template(template).render(language=language, title=title, **shown)
    footer = f"@page{{@bottom-left{{content:{css_string(title)}}}}}\n"
    return environment.get_template("page.html.j2").render(
        language=language, title=title, csp=CSP, body=_trusted(body),
        css=_trusted(font_faces(body + title) + _css("report.css") + footer),
    )  # fmt: skip


def css_string(value: str) -> str:
    r"""Return a text as a CSS string in which nothing can end the string or the style sheet.

    Examples
    --------
    >>> css_string('a"</style>')
    '"a\\22 \\3c \\2f style\\3e "'
    """
    escaped = re.sub(
        "[^0-9A-Za-z\u0e01-\u0e5b ]", lambda sign: f"\\{ord(sign[0]):x} ", exact_text(value)
    )
    return f'"{escaped}"'


def _numbered(blocks: Iterable[Block]) -> list[View]:
    """Return views in which tables, figures and headings carry their numbers and anchors."""
    counts = {"table": 0, "figure": 0, "heading": 0}
    views = []
    for block in blocks:
        view = _view(block)
        counted = "table" if isinstance(block, FindingList) else block.kind
        if counted in counts:
            counts[counted] += 1
            view["anchor"] = f"{counted}-{counts[counted]}"
            view["ordinal"] = counts[counted]
        views.append(view)
    return views


def _sections(views: list[View]) -> list[list[View]]:
    """Part views at each heading of level 1."""
    sections: list[list[View]] = [[]]
    for view in views:
        if view["kind"] == "heading" and view["level"] == 1:
            sections.append([])
        sections[-1].append(view)
    return [section for section in sections if section]


def _view(block: Block) -> View:
    """Return what the template shows of a block: plain text, numbers already written."""
    view: View = dict(vars(block)) | {"kind": block.kind, "ordinal": 0, "anchor": ""}
    if isinstance(block, Table):
        view |= table_view(block)
    elif isinstance(block, FindingList):
        view |= findings_view(block)
    elif isinstance(block, Figure):
        view["source"] = base64.b64encode(block.image).decode("ascii")
        view["width"], view["height"] = _png_size(block.image)
    elif block.kind in {"prose", "callout", "footnote"}:
        view["paragraphs"] = paragraphs(view["text"])
    elif isinstance(block, Heading):
        view["level"] = block.level
    return view


def paragraphs(written: str) -> list[str]:
    """Part a text at empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", written) if part.strip()]


def _png_size(image: bytes) -> tuple[int, int]:
    """Return width and height from the header of a PNG, so that the page does not jump."""
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only pages need it

    environment = Environment(
        loader=PackageLoader("evallib.report.pages", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["words"] = text
    return environment


@cache
def _css(name: str) -> str:
    folder = resources.files("evallib.report.pages") / "template"
    return (folder / name).read_text(encoding="utf-8")


def _trusted(made_here: str) -> Any:
    """Mark what our own template and style sheet produced as markup."""
    from markupsafe import Markup  # comes with jinja2

    return Markup(made_here)  # noqa: S704  never a text of a block: those pass autoescape
