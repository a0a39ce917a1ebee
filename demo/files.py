"""Reading the demo's files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


def read_yaml(name: str) -> dict[str, Any]:
    """A YAML file of the demo."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def product_folders() -> list[Path]:
    """One folder a product, in the order of their names."""
    return sorted(path.parent for path in (FOLDER / "products").glob("*/product.yaml"))


def process_folders(callers: Iterable[Path]) -> list[Path]:
    """The folders of the processes that the drawings of these folders call, and those that they call in turn."""
    found: set[Path] = set()
    todo = list(callers)
    while todo:
        called = {FOLDER / "processes" / key for key in _called(todo.pop())} - found
        found |= called
        todo += called
    return sorted(found)


def own_process_folders(products: Iterable[Path]) -> list[Path]:
    """The folders of the processes that begin by themselves, where the products that they need are there."""
    there = {folder.name for folder in products}
    found = (path.parent for path in sorted((FOLDER / "processes").glob("*/process.yaml")))
    about = {folder: read_yaml(str(folder / "process.yaml")) for folder in found}
    return [folder for folder, said in about.items() if said.get("begins_itself") and set(said["needs"]) <= there]


def _called(folder: Path) -> set[str]:
    return set(re.findall(r'calledElement="([a-z_]+)"', (folder / "process.bpmn").read_text(encoding="utf-8")))


def process_of(folder: Path) -> tuple[bytes, dict[str, dict]]:
    """A folder's drawing and the forms that its tasks name."""
    forms = {path.stem: read_json(path) for path in sorted((folder / "forms").glob("*.json"))}
    return (folder / "process.bpmn").read_bytes(), forms


def tables() -> list[dict[str, Any]]:
    """The decision tables that come into force; drafts (files with `_draft_` in their name) are apart."""
    return [read_json(path) for path in sorted((FOLDER / "rules").glob("*.json")) if "_draft_" not in path.stem]


def table_drafts() -> list[dict[str, Any]]:
    """Bodies that stay drafts, to show what the checker says of them."""
    return [read_json(path) for path in sorted((FOLDER / "rules").glob("*_draft_*.json"))]


def models() -> dict[str, Any]:
    """The decision models by key: their names and acceptance cases."""
    found: dict[str, Any] = read_yaml("rules/models.yaml")
    return found


def model(key: str) -> bytes:
    """The DMN file of a decision model."""
    return (FOLDER / "rules" / f"{key}.dmn").read_bytes()
