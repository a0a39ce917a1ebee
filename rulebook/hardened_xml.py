"""Bytes to an XML tree, trusting nothing: no DTD, no entities, no network, bounded size and depth."""

from __future__ import annotations

from typing import Any, cast

from lxml import etree

from rulebook.said import Said
from rulebook.said import gettext_noop as _

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100
TOO_DEEP = _("Expected at most %(most)s levels of elements, but the file is nested deeper.")


class XmlRefused(Exception):
    """The bytes are no XML that may be read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class DoctypeFound(Exception):
    """The document declares a DTD."""


class DoctypeWatch:
    """A parser target that builds nothing and stops at the first DOCTYPE, before any entity is read."""

    def start(self, tag: str, attributes: object) -> None:
        """An element opens: nothing to keep."""

    def end(self, tag: str) -> None:
        """An element closes: nothing to keep."""

    def data(self, text: str) -> None:
        """Text: nothing to keep."""

    def close(self) -> None:
        """The document ends: nothing was built."""

    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        """A DTD: stop."""
        raise DoctypeFound


def read_tree(data: bytes, *, notation: str) -> etree._Element:
    """Root element of an XML document. notation: what the file should be, for the refusal of a DTD.

    Raises XmlRefused: larger than 5 MB, DTD or entities, not well-formed, or deeper than 100 elements.
    """
    if len(data) > MAX_BYTES:
        sentence = _("Expected at most %(most)s bytes, but the file has %(found)s.")
        raise XmlRefused(1, Said(sentence, most=f"{MAX_BYTES:,}", found=f"{len(data):,}"))
    try:
        etree.fromstring(data, _parser(DoctypeWatch()))
        root = etree.fromstring(data, _parser())
    except DoctypeFound:
        sentence = _("Expected plain %(notation)s, but the file declares a DTD; DTDs and entities are refused.")
        raise XmlRefused(_doctype_line(data), Said(sentence, notation=notation)) from None
    except etree.XMLSyntaxError as error:
        raise XmlRefused(max(error.lineno or 1, 1), _syntax_message(error)) from None
    _bound_depth(root)
    return root


def line_of(node: etree._Element) -> int:
    """The line on which an element begins, from 1."""
    return cast("int | None", node.sourceline) or 1


def _parser(target: Any = None) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, target=target
    )


def _doctype_line(data: bytes) -> int:
    plain = data.replace(b"\0", b"")  # UTF-16 and UTF-32 become readable enough to count lines
    return plain[: max(plain.find(b"<!DOCTYPE"), 0)].count(b"\n") + 1


def _syntax_message(error: etree.XMLSyntaxError) -> str:
    reason = str(error.msg or "no content").partition(", line ")[0]
    if "depth" in reason:
        return Said(TOO_DEEP, most=MAX_DEPTH)
    return Said(_("Expected well-formed XML, but: %(reason)s."), reason=reason)


def _bound_depth(root: etree._Element) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise XmlRefused(line_of(element), Said(TOO_DEEP, most=MAX_DEPTH))
