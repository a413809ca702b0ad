"""XML schemas of packages of the registries, and small ones of our own, without the network."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from lxml import etree

_OURS = Path(__file__).parent / "xsd"


def require_valid(tree: etree._Element, judge: etree.XMLSchema) -> None:
    """Raise where the element, taken out of what it stands in, is not valid."""
    alone = etree.fromstring(etree.tostring(tree, with_tail=False))
    for found in alone.iter("{http://www.loc.gov/premis/v3}object"):
        # PREMIS 3 is in no package: its own types cannot be looked up, and are judged by nobody.
        found.attrib.pop("{http://www.w3.org/2001/XMLSchema-instance}type")
    judge.assertValid(etree.ElementTree(alone))


@cache
def mets() -> etree.XMLSchema:
    """METS 1.12, as OCR-D ships it."""
    folder = Path(str(distribution("ocrd").locate_file("ocrd_validators")))
    return _schema(folder / "mets.xsd", {"xlink.xsd": folder / "xlink.xsd"})


@cache
def mods() -> etree.XMLSchema:
    """MODS 3.4, as eulxml ships it; what we write of 3.8 was there then, but for the number."""
    folder = _eulxml()
    near = {
        "http://www.loc.gov/standards/xlink/xlink.xsd": folder / "xlink.xsd",
        "http://www.loc.gov/mods/xml.xsd": _OURS / "xml.xsd",
    }
    return _schema(folder / "mods-3-4.xsd", near, {'value="3.4"': 'value="3.8"'})


@cache
def oai_dc() -> etree.XMLSchema:
    """Dublin Core in OAI-PMH, as eulxml ships it."""
    away = "http://dublincore.org/schemas/xmls/simpledc20021212.xsd"
    return _schema(_eulxml() / "oai_dc.xsd", {away: _OURS / "simpledc.xsd"})


@cache
def oai_pmh() -> etree.XMLSchema:
    """The envelope of OAI-PMH, written by us after the specification."""
    return _schema(_OURS / "oai-pmh.xsd", {})


def _schema(
    path: Path, near: dict[str, Path], changed: dict[str, str] | None = None
) -> etree.XMLSchema:
    text = path.read_text(encoding="utf-8").partition("?>")[2]
    for away, here in near.items():
        text = text.replace(f'schemaLocation="{away}"', f'schemaLocation="{here.as_uri()}"')
    for old, new in (changed or {}).items():
        text = text.replace(old, new)
    return etree.XMLSchema(etree.fromstring(text))


def _eulxml() -> Path:
    return Path(str(distribution("eulxml").locate_file("eulxml"))) / "schema_data"
