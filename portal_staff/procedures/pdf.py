"""Procedures as a PDF: title page, contents with page numbers, a chapter for each version, outline and metadata.

Latin text is set in Helvetica; everything else in STSong-Light, a font that PDF readers bring along for Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer
from reportlab.platypus.tableofcontents import TableOfContents

LATIN, LATIN_BOLD, CHINESE = "Helvetica", "Helvetica-Bold", "STSong-Light"
EDGE, FOOT = 22 * mm, 12 * mm
INK, FAINT = HexColor("#1f2328"), HexColor("#59636e")


@dataclass(frozen=True)
class Entry:
    """A numbered sentence. key: the rule or element, below: what stands under it in small print."""

    key: str
    text: str
    below: str = ""


@dataclass(frozen=True)
class Part:
    """A chapter of the file. about: pairs of a label and a value."""

    title: str
    about: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    intro: str = ""


@dataclass(frozen=True)
class Pages:
    """All that the file says, in one language. front: the lines of the title page under the title."""

    title: str
    firm: str
    language: str
    front: list[tuple[str, str]]
    parts: list[Part]


def write_pdf(pages: Pages) -> bytes:
    """The file. Its cost grows with its text only: it is set three times at most, for the page numbers."""
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    out = BytesIO()
    writer = _Writer(out, pages)
    writer.multiBuild(list(_story(pages)), maxPasses=4)
    return out.getvalue()


class _Writer(BaseDocTemplate):
    """Sets pages with a footer, and notes where each chapter begins."""

    def __init__(self, out: BytesIO, pages: Pages) -> None:
        super().__init__(
            out, pagesize=A4, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE,
            title=pages.title, author=pages.firm, subject=", ".join(value for _label, value in pages.front[:1]),
            creator="Throughline", lang=pages.language, displayDocTitle=True,
        )  # fmt: skip
        self.pages = pages
        frame = Frame(self.leftMargin, self.bottomMargin, self.width, self.height, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._foot)])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab calls it so
        mark = getattr(flowable, "mark", "")
        if mark:
            self.canv.bookmarkPage(mark)
            self.canv.addOutlineEntry(flowable.plain, mark, 0)
            self.notify("TOCEntry", (0, _mixed(flowable.plain), self.page, mark))

    def _foot(self, canvas: Any, _document: Any) -> None:
        if canvas.getPageNumber() == 1:
            return
        style = _styles(self.pages.language)["foot"]
        text = _("%(title)s · page %(number)s") % {"title": self.pages.title, "number": canvas.getPageNumber()}
        line = Paragraph(_mixed(text), style)
        line.wrapOn(canvas, self.width, FOOT)
        line.drawOn(canvas, self.leftMargin, FOOT)


def _story(pages: Pages) -> Iterator[Flowable]:
    styles = _styles(pages.language)
    yield Spacer(1, 60 * mm)
    yield Paragraph(_mixed(pages.firm), styles["firm"])
    yield Paragraph(_mixed(pages.title), styles["title"])
    yield from (_pair(label, value, styles) for label, value in pages.front)
    yield PageBreak()
    yield Paragraph(_mixed(_("Contents")), styles["heading"])
    contents = TableOfContents(levelStyles=[styles["contents"]], dotsMinLevel=0)
    yield contents
    for number, part in enumerate(pages.parts, 1):
        yield PageBreak() if number == 1 else Spacer(1, 9 * mm)
        yield from _part(f"part-{number}", f"{number}. {part.title}", part, styles)


def _part(mark: str, title: str, part: Part, styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    heading = Paragraph(_mixed(title), styles["heading"])
    heading.mark, heading.plain = mark, title
    yield heading
    if part.intro:
        yield Paragraph(_mixed(part.intro), styles["text"])
    yield from (_pair(label, value, styles) for label, value in part.about)
    yield Spacer(1, 3 * mm)
    for entry in part.entries:
        key = f"<b>{_mixed(entry.key)}</b>&nbsp;&nbsp;" if entry.key else ""
        yield Paragraph(f"{key}{_mixed(entry.text)}", styles["lead" if entry.below else "text"])
        if entry.below:
            yield Paragraph(_mixed(entry.below), styles["small"])


def _pair(label: str, value: str, styles: dict[str, ParagraphStyle]) -> Paragraph:
    return Paragraph(
        f'<font color="{FAINT.hexval()}">{_mixed(label)}</font>&nbsp;&nbsp;{_mixed(value)}', styles["pair"]
    )


def _styles(language: str) -> dict[str, ParagraphStyle]:
    is_chinese = language.startswith("zh")
    wrap = "CJK" if is_chinese else None
    text = ParagraphStyle(
        "text", fontName=LATIN, fontSize=9.5, leading=14, textColor=INK, wordWrap=wrap, spaceAfter=4, splitLongWords=1
    )

    def like(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=text, **changes)

    return {
        "text": text,
        "lead": like("lead", spaceAfter=0, keepWithNext=1),
        "small": like("small", fontSize=8, leading=11, textColor=FAINT, spaceAfter=6),
        "pair": like("pair", spaceAfter=1),
        "foot": like("foot", fontSize=8, leading=10, textColor=FAINT),
        "firm": like("firm", fontSize=13, leading=18, textColor=FAINT, spaceAfter=6),
        "title": like("title", fontName=LATIN_BOLD, fontSize=24, leading=32, spaceAfter=14),
        "heading": like("heading", fontName=LATIN_BOLD, fontSize=13, leading=18, spaceAfter=5, keepWithNext=1),
        "contents": like("contents", leading=15, spaceAfter=0),
    }


def _mixed(text: str) -> str:
    """A text as the setter's markup: escaped, with what Helvetica has no letters for in the Chinese font."""
    runs = groupby(" ".join(text.split()), key=_is_latin)
    return "".join(
        escape("".join(run)) if latin else f'<font name="{CHINESE}">{escape("".join(run))}</font>'
        for latin, run in runs
    )


def _is_latin(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
