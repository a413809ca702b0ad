"""Words within XML: escaped, and without what XML cannot hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

XHTML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
lang={language} xml:lang={language}>
<head>
<meta charset="UTF-8"/>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
"""


def text(words: str) -> str:
    """Return the words as the content of an element."""
    return escape(_NOT_XML.sub("", words))


def attribute(words: str) -> str:
    """Return the words as the value of an attribute, quoted."""
    return quoteattr(_NOT_XML.sub("", words))


def head(*, title: str, language: str) -> str:
    """Return what every document begins with."""
    return XHTML_HEAD.format(title=text(title), language=attribute(language))
