"""The pages of the readers that show a document of one file: PDF, EPUB and Word."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpResponse
from django.shortcuts import render

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.core.wording import sentence
from tangthu.reading.copies import words_of_loan
from tangthu.reading.documents import document, file_address
from tangthu.reading.protection import marked_loan
from tangthu.reading.readers import Opening, Reader, register
from tangthu.reading.word_documents import page_of
from tangthu.repository.policy.content import DOCX, EPUB, PDF
from tangthu.repository.policy.kinds import ObjectKind

BOOK_POLICY = {
    "frame-src": ["blob:"],
    "style-src": [SELF, UNSAFE_INLINE, "blob:"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
}


def show_pdf(request: LibraryRequest, opening: Opening) -> HttpResponse:
    return _shown(request, opening, "reading/pdf.html")


def show_epub(request: LibraryRequest, opening: Opening) -> HttpResponse:
    """Show a book. Its chapters are framed, under this page's policy and a stricter of their own.

    A book has styles, pictures and letters of its own, which its reader hands to the frame as
    blobs; nothing of it may run, and nothing may be fetched from elsewhere.
    """
    answer = _shown(request, opening, "reading/epub.html")
    answer._csp_replace = BOOK_POLICY  # type: ignore[attr-defined]
    return answer


def show_docx(request: LibraryRequest, opening: Opening) -> HttpResponse:
    """Show a Word document as a page: its text, tables and pictures, and nothing that runs."""
    text = page_of(opening.file)
    if text is None:
        words = sentence("document_damaged")
        saved = file_address(opening, opening.file) if opening.is_open else ""
        context = {"object": opening.obj, "reason": "document_damaged", "words": words}
        context["saved"] = saved
        return render(request, "reading/closed.html", context, status=422)
    marked_for = 0 if opening.is_open else marked_loan(opening.obj, request.actor)
    return _shown(request, opening, "reading/docx.html", text=text, mark=words_of_loan(marked_for))


def _shown(
    request: LibraryRequest, opening: Opening, template: str, **more: object
) -> HttpResponse:
    context = document(
        opening,
        actor=request.actor,
        site=request.build_absolute_uri("/")[:-1],
        address=client_address(request),
    )
    return render(request, template, context | more)


def register_readers() -> None:
    """Let each kind of document be shown by its reader. Called once."""
    register(ObjectKind.PDF, Reader(show_pdf, frozenset({PDF})))
    register(ObjectKind.EPUB, Reader(show_epub, frozenset({EPUB})))
    register(ObjectKind.DOCX, Reader(show_docx, frozenset({DOCX})))
