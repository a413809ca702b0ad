from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.community.actions.exhibitions import BlockData, ExhibitionData
from tangthu.community.actions.podcasts import PodcastData
from tangthu.community.models import Block
from tangthu.community.permissions import CommunityPermission
from tangthu.community.policy.blocks import LONGEST_TEXT, WITH_ADDRESS, WITH_LINES, BlockKind
from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.repository.models import Collection

LANGUAGES = [("vi", _("Vietnamese")), ("rad", _("Ê Đê (Rade)")), ("en", _("English"))]


class PodcastForm(forms.Form):
    """A podcast as its listeners see it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What is to be heard"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    author = forms.CharField(label=_("By whom"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    is_published = forms.BooleanField(label=_("Listeners may subscribe to it"), required=False)

    @property
    def podcast_data(self) -> PodcastData:
        """The podcast as the form says it."""
        told = self.cleaned_data
        return PodcastData(**{name: told[name] for name in PodcastForm.base_fields})


class NewPodcastForm(PodcastForm):
    """A podcast that is to be made, of a collection that has none."""

    collection = forms.ModelChoiceField(
        label=_("Digital collection"), queryset=Collection.objects.none(), empty_label=None
    )
    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    field_order = ("collection", "library")

    def __init__(self, data: Mapping[str, object] | None = None, *, actor: Actor) -> None:
        super().__init__(data)
        free = Collection.objects.filter(podcast=None).in_tree_order()
        self.fields["collection"].queryset = free  # type: ignore[attr-defined]
        offer(self, "library", libraries_for(actor, CommunityPermission.SHOW))


class ExhibitionForm(forms.Form):
    """An exhibition as it is announced."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        help_text=_("Short, in plain letters: cong-chieng"),
    )
    lead = forms.CharField(
        label=_("What it tells"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def exhibition_data(self) -> ExhibitionData:
        """The exhibition as the form says it."""
        return ExhibitionData(
            **{name: self.cleaned_data[name] for name in ("slug", "title", "lead")}
        )


def seen_by_now(form: forms.Form, revision: int) -> None:
    """Let what was typed over an older version be saved over the one that the page now shows."""
    form.data = dict(form.data.items()) | {form.add_prefix("revision"): str(revision)}


class NewExhibitionForm(ExhibitionForm):
    """An exhibition that is to be made."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none())

    def __init__(self, data: Mapping[str, object] | None = None, *, actor: Actor) -> None:
        super().__init__(data)
        offer(self, "library", libraries_for(actor, CommunityPermission.SHOW))


LINES_HELP = {
    BlockKind.GALLERY: _("One address of a document a line, copied from the reader."),
    BlockKind.MAP: _(
        "One place a line: how far from the left and from the top in percent, then its name, then "
        "words after a bar: 34 56 Buôn Đôn | Where elephants were tamed. Or press on the picture."
    ),
    BlockKind.TIMELINE: _("One happening a line: 1904 | Title | words."),
}
ADDRESS_HELP = {
    BlockKind.IMAGE: _(
        "Open the page in the reader, enlarge the part, press the quotation mark and copy “Address "
        "of what is on the screen now”."
    ),
    BlockKind.MAP: _("The address of the map's page, copied from the reader."),
    BlockKind.SOUND: _("The address of the recording, copied from the reader."),
}


class BlockForm(forms.Form):
    """What is typed into a block. Only the fields of its kind are shown."""

    heading = forms.CharField(label=_("Heading"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    address = forms.CharField(label=_("Address"), max_length=500, required=False)
    lines = forms.CharField(
        label=_("Lines"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        kind: BlockKind,
        block: Block | None = None,
    ) -> None:
        names = ("heading", "text", "address", "lines", "revision")
        initial = {name: getattr(block, name) for name in names} if block else {}
        prefix = f"b{block.pk}" if block else f"new-{kind}"
        super().__init__(data, initial=initial, prefix=prefix)
        self.fields["lines"].help_text = LINES_HELP.get(kind, "")
        self.fields["address"].help_text = ADDRESS_HELP.get(kind, "")
        if kind not in WITH_LINES:
            del self.fields["lines"]
        if kind not in WITH_ADDRESS:
            del self.fields["address"]

    def typed_anew(self, kind: BlockKind) -> BlockForm:
        """Return what was typed into a block that is gone, as a block to be added."""
        typed = {f"new-{kind}-{name}": self.cleaned_data[name] for name in self.fields}
        return BlockForm(typed | {f"new-{kind}-revision": ""}, kind=kind)

    @property
    def block_data(self) -> BlockData:
        """The block as the form says it."""
        told = self.cleaned_data
        return BlockData(
            heading=told["heading"],
            text=told["text"],
            address=told.get("address", ""),
            lines=told.get("lines", ""),
        )
