"""The structure of a searchable PDF, for who listens to it: paragraphs in the order of reading.

Tagged PDF as ISO 32000-1, 14.7 and 14.8 have it, which level A of ISO 19005-2 wants. The picture of
a page is an artifact: what it shows is said by the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ARTIFACT = ("/Artifact BMC", "EMC")


def paragraph(number: int) -> tuple[str, str]:
    """Return what stands before and after a paragraph in the content of its page."""
    return f"/P <</MCID {number}>> BDC", "EMC"


def tag(document: Any, paragraphs: Sequence[int]) -> None:
    """Write the tree of structure of a document with so many paragraphs on each of its pages."""
    import pikepdf

    root = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    whole = _element(document, "/Document", root)
    found: list[Any] = []
    rows: list[Any] = []
    for place, (page, count) in enumerate(zip(document.pages, paragraphs, strict=True)):
        elements = [_paragraph(document, whole, page.obj, number) for number in range(count)]
        page.obj.StructParents = place
        page.obj.Tabs = pikepdf.Name.S
        found += elements
        rows += [place, document.make_indirect(pikepdf.Array(elements))]
    whole.K = pikepdf.Array(found)
    root.K = whole
    root.ParentTree = document.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(rows)))
    root.ParentTreeNextKey = len(paragraphs)
    document.Root.StructTreeRoot = root
    document.Root.MarkInfo = pikepdf.Dictionary(Marked=True)


def _element(document: Any, kind: str, above: Any) -> Any:
    import pikepdf

    row = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name(kind), P=above)
    return document.make_indirect(row)


def _paragraph(document: Any, above: Any, page: Any, number: int) -> Any:
    element = _element(document, "/P", above)
    element.Pg, element.K = page, number
    return element
