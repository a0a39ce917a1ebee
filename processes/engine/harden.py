"""Bytes to an XML tree, trusting nothing; what is refused is refused as a drawing."""

from __future__ import annotations

from lxml import etree

from processes.engine.errors import ParseRefused
from rulebook import hardened_xml
from rulebook.hardened_xml import MAX_BYTES, MAX_DEPTH, line_of

__all__ = ["MAX_BYTES", "MAX_DEPTH", "line_of", "read_tree"]


def read_tree(data: bytes, *, file: str) -> etree._Element:
    """Root element of an XML document.

    Raises ParseRefused: larger than 5 MB, DTD or entities, not well-formed, or deeper than 100 elements.
    """
    try:
        return hardened_xml.read_tree(data, notation="BPMN")
    except hardened_xml.XmlRefused as refused:
        raise ParseRefused(file, refused.line, refused.message) from None
