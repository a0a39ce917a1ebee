"""A DMN file as a tree that may be read: of a known version, nothing in another language than FEEL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from rulebook.dmn.errors import DmnProblem, DmnRefused, problem
from rulebook.hardened_xml import XmlRefused, read_tree
from rulebook.said import Said
from rulebook.said import gettext_noop as _

VERSIONS: Mapping[str, str] = {
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MOST_PROBLEMS = 1_000


class Document:
    """A file's elements, and everything that is found wrong with them while they are read."""

    def __init__(self, root: etree._Element) -> None:
        namespace = etree.QName(root).namespace or ""
        self.root, self.version = root, VERSIONS[namespace]
        self.model = f"{{{namespace}}}"
        self.namespace = root.get("namespace", "")
        self.problems: list[DmnProblem] = []

    def children(self, node: etree._Element, *tags: str) -> list[etree._Element]:
        """The elements of the model right inside another; tags: only these."""
        names = [f"{self.model}{tag}" for tag in tags or ("*",)]
        return list(node.iterchildren(*names))

    def child(self, node: etree._Element, tag: str) -> etree._Element | None:
        """The first element of a tag right inside another."""
        return node.find(f"{self.model}{tag}")

    def text(self, node: etree._Element | None) -> str:
        """The <text> of an element, or "" where there is none."""
        return "" if node is None else (node.findtext(f"{self.model}text") or "").strip()

    def tag(self, node: etree._Element) -> str:
        """The element's own name, "" for one that is not of the model."""
        name = str(node.tag)
        return name[len(self.model) :] if name.startswith(self.model) else ""

    def refuse(self, node: etree._Element, message: str) -> None:
        """Note what is wrong with an element; all is said together in the end."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem(node, message))

    def expect_whole(self) -> None:
        """Raises DmnRefused where something was found wrong."""
        if self.problems:
            raise DmnRefused(self.problems)


def open_document(data: bytes) -> Document:
    """A file that is DMN of a version that is read. Raises DmnRefused."""
    try:
        root = read_tree(data, notation="DMN")
    except XmlRefused as refused:
        raise DmnRefused([DmnProblem("", refused.line, refused.message)]) from None
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in VERSIONS:
        versions = ", ".join(VERSIONS.values())
        found = f"<{name.localname}> of {name.namespace or 'no namespace'}"
        raise DmnRefused(
            [
                problem(
                    root,
                    Said(
                        _("Expected DMN <definitions> of version %(known)s, but the root is %(found)s."),
                        known=versions,
                        found=found,
                    ),
                )
            ]
        )
    document = Document(root)
    for node in _in_another_language(document):
        language = node.get("expressionLanguage") or node.get("typeLanguage")
        document.refuse(node, Said(_("Expected FEEL, but its language is %(language)s."), language=language))
    for node in document.children(root, "import"):
        document.refuse(
            node, Said(_("Expected a model that stands by itself, but it imports another, which is not read."))
        )
    return document


def _in_another_language(document: Document) -> Iterator[etree._Element]:
    for node in document.root.iter(f"{document.model}*"):
        declared = node.get("expressionLanguage", "") + node.get("typeLanguage", "")
        if declared and "feel" not in declared.lower():
            yield node
