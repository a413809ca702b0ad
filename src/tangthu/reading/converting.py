"""The program that turns Word documents of strangers into plain HTML: a process with limits.

    python -m tangthu.reading.converting

It reads the document from its input and writes the page to its output. It knows no Django. What a
document does to its reader with a bomb ends this process, not the one that serves pages.
"""

from __future__ import annotations

import io
import resource
import sys

MEMORY = 1 << 30
SECONDS = 30
LARGEST = 8 << 20
"""Of the page that is shown: a book of a thousand pages is a fourth of it without its pictures."""

HEADINGS = "\n".join(
    f"p[style-name='heading {level}'] => h{min(level + 1, 6)}:fresh\n"
    f"p[style-name='Heading {level}'] => h{min(level + 1, 6)}:fresh"
    for level in range(1, 7)
)
"""The page has a first heading of its own."""

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "b", "em", "i", "u", "s", "sup", "sub", "a", "img"),
}
ATTRIBUTES = {
    "a": {"href", "id"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "li": {"id"},
}
PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")


def main() -> int:
    """Turn one document; return 0, or 2 where it is damaged."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        page = converted(sys.stdin.buffer.read()).encode()
    # The edge of the process: whatever a library does with a bad file is the file's fault.
    except Exception:
        return 2
    if len(page) > LARGEST:
        return 2
    sys.stdout.buffer.write(page)
    return 0


def converted(content: bytes) -> str:
    """Return the text of a Word document as HTML in which nothing runs and nothing is fetched."""
    import mammoth
    import nh3

    made = mammoth.convert_to_html(
        io.BytesIO(content), style_map=HEADINGS, include_embedded_style_map=False
    )
    return nh3.clean(
        made.value,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_kept,
        link_rel="noopener noreferrer nofollow",
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if value.startswith(PICTURES) else None
    if (tag, attribute) == ("a", "href"):
        return None if value.startswith("data:") else value
    return value


if __name__ == "__main__":
    sys.exit(main())
