from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.repository.policy.numbering import (
    DEEPEST,
    MOST_SECTIONS,
    Numbering,
    lines_of,
    place_of,
)

NO_SUCH_PAGE = _("There is no page “%(page)s”.")
LEVELS = [(level, str(level)) for level in range(1, DEEPEST + 1)]


class _OfPages(forms.Form):
    """A form that names pages: `labels` is what is printed on them, in their order."""

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *args: object,
        labels: Sequence[str] = (),
        **options: object,
    ) -> None:
        super().__init__(data, *args, **options)  # type: ignore[arg-type]
        self.labels = labels

    def place(self, word: str) -> int:
        """Return the place of the page that is meant. Raises ValidationError."""
        found = place_of(word, self.labels)
        if found is None:
            raise forms.ValidationError(NO_SUCH_PAGE, params={"page": word})
        return found


class SectionForm(_OfPages):
    """A line of the table of contents. Without a title it is left out."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    page = forms.CharField(label=_("Page"), max_length=40, required=False)
    level = forms.ChoiceField(label=_("Depth"), choices=LEVELS, initial="1", required=False)

    def clean(self) -> dict[str, object]:
        """Find the page where there is a title."""
        told = super().clean() or {}
        told["level"] = int(told.get("level") or 1)
        if told.get("title"):
            try:
                told["place"] = self.place(told.get("page", ""))
            except forms.ValidationError as error:
                self.add_error("page", error)
        return told


SectionForms = forms.formset_factory(
    SectionForm, extra=4, max_num=MOST_SECTIONS, absolute_max=MOST_SECTIONS
)


class PastedForm(_OfPages):
    """A table of contents as it is typed or copied from elsewhere."""

    text = forms.CharField(
        label=_("Lines to add"),
        help_text=_("One title a line, with the page at its end; spaces before it make it deeper."),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_text(self) -> list[tuple[str, int, int]]:
        """Return title, place of the page and depth of each line."""
        lines = lines_of(self.cleaned_data["text"])
        return [(line.title, self.place(line.page), line.level) for line in lines]


class RunForm(_OfPages):
    """Pages that follow one another and are numbered in one way."""

    first = forms.IntegerField(label=_("From the page in place"), min_value=1)
    last = forms.IntegerField(label=_("To the page in place"), min_value=1)
    numbering = forms.ChoiceField(
        label=_("Printed on them"),
        required=False,
        initial=Numbering.ARABIC,
        choices=[
            (Numbering.ARABIC, "1, 2, 3"),
            (Numbering.ROMAN, "i, ii, iii"),
            (Numbering.CAPITAL_ROMAN, "I, II, III"),
            (Numbering.NONE, _("Nothing")),
        ],
    )
    start = forms.IntegerField(label=_("Beginning with"), min_value=1, max_value=99_999, initial=1)
    before = forms.CharField(label=_("Before each number"), max_length=20, required=False)

    def clean(self) -> dict[str, object]:
        """Refuse a run that ends before it begins, or leads out of the document."""
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and not first <= last <= len(self.labels):
            words = {"count": len(self.labels)}
            self.add_error("last", forms.ValidationError(_LEADS_OUT, params=words))
        return told


_LEADS_OUT = _("The last page stands behind the first, and there are %(count)s pages.")
