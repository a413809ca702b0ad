"""What a notice says: the library's text, or the shipped one, filled in for the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tangthu.libraries.models import Library
from tangthu.libraries.reading import preference
from tangthu.notices import sealing, setup
from tangthu.notices.addresses import address_for
from tangthu.notices.errors import SealBroken
from tangthu.notices.models import Notice, Template
from tangthu.notices.policy import (
    KINDS,
    BrokenTemplate,
    Channel,
    NoticeKind,
    Text,
    Topic,
    default_text,
    fitted,
    line_text,
    names,
    plain,
    render,
    sample_values,
    shown_values,
)

SHORT = frozenset({Channel.SMS, Channel.ZALO, Channel.PUSH})
LINES = {True: 3, False: 50}
"""How many lines a list has in short messages and in long ones."""

_MORE = {"vi": "… và {count} mục khác", "en": "… and {count} more"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a carrier hands over. `reference` is the same however often it is tried.

    `template` and `parameters` are for channels that send registered templates (Zalo).
    """

    channel: Channel
    address: str
    name: str
    subject: str
    body: str
    reference: str
    library: str
    language: str
    urgent: bool = False
    kind: NoticeKind = NoticeKind.TEST
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    manage_url: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, and the library's text that broke while it was made, if one did."""

    message: Message
    broken: Template | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text for a kind: as the library wrote it (`own`), or as it is shipped."""

    text: Text
    own: Template | None = None


def text_for(kind: NoticeKind, channel: Channel, *, library: Library, language: str) -> Chosen:
    """Return the text of the library, of the nearest above it, or the shipped one. One query."""
    rows = Template.objects.filter(
        library__in=library.chain, kind=kind, channel=channel, language=language
    )
    nearest = min(rows, key=lambda row: library.chain.index(row.library_id), default=None)
    if nearest is None:
        return Chosen(default_text(kind, channel, language))
    return Chosen(Text(nearest.subject, nearest.body), nearest)


def compose(notices: Sequence[Notice]) -> Rendered:
    """Return the one message for notices that go together.

    A library's text that cannot be filled in gives way to the shipped one: the notice goes, and
    the text is reported.
    """
    head = notices[0]
    kind = _kind_of(head)
    channel = Channel(head.channel)
    chosen = text_for(kind, channel, library=head.library, language=head.language)
    values = _values(notices, kind)
    broken, why = None, ""
    try:
        text = _filled(chosen.text, values, channel)
    except BrokenTemplate as error:
        broken, why = chosen.own, str(error)
        chosen = Chosen(default_text(kind, channel, head.language))
        text = _filled(chosen.text, values, channel)
    message = _message(head, kind, text, values, chosen)
    return Rendered(message, broken, why)


def preview(text: Text, values: Mapping[str, str], *, channel: Channel, library: Library) -> Text:
    """Return a text filled in with examples, as the channel would carry it."""
    return _fit(_filled(text, values, channel), channel, library)


def _message(
    head: Notice,
    kind: NoticeKind,
    text: Text,
    values: Mapping[str, str],
    chosen: Chosen,
) -> Message:
    channel = Channel(head.channel)
    fitting = _fit(text, channel, head.library)
    return Message(
        channel=channel,
        address=address_for(head),
        name=head.patron.name if head.patron else head.to_name,
        subject=fitting.subject,
        body=fitting.body,
        reference=f"tangthu-{head.pk}-{head.created_at:%Y%m%d%H%M%S}",
        library=head.library.name,
        language=head.language,
        urgent=head.urgent,
        kind=kind,
        template=chosen.own.subject if chosen.own and channel is Channel.ZALO else "",
        parameters={name: values[name] for name in names(chosen.text.body) if name in values},
        manage_url=""
        if KINDS[NoticeKind(head.kind)].topic is Topic.SERVICE and not head.digest
        else _account(),
    )


def _filled(text: Text, values: Mapping[str, str], channel: Channel) -> Text:
    if channel is Channel.ZALO:
        return Text(text.subject, render(text.body, values))
    # A subject is one line: a value with a line break could begin a header of its own.
    subject = " ".join(render(text.subject, values).split()) if text.subject else ""
    return Text(subject, render(text.body, values))


def _fit(text: Text, channel: Channel, library: Library) -> Text:
    if channel is not Channel.SMS:
        return text
    bare = bool(preference(library, "sms_without_marks"))
    return Text("", fitted(plain(text.body) if bare else text.body))


def _kind_of(head: Notice) -> NoticeKind:
    """Return the kind whose text is used. A test may be about another kind, with its examples."""
    if head.digest:
        return NoticeKind.DIGEST
    about = str(head.values.get("about") or "")
    return NoticeKind(about) if about in set(NoticeKind) else NoticeKind(head.kind)


def _values(notices: Sequence[Notice], kind: NoticeKind) -> dict[str, str]:
    head = notices[0]
    site = setup.site_address()
    if head.kind == NoticeKind.TEST:
        library = {**common_values(head), "card": "DLK000123"}
        common = shown_values(NoticeKind.TEST, library, site=site)
        return {**sample_values(kind, site=site), **common}
    stored = {**_own(head), **common_values(head)}
    values = shown_values(NoticeKind(head.kind), stored, site=site)
    if kind is NoticeKind.DIGEST or KINDS[kind].gathers:
        values["items"] = _lines(notices, short=Channel(head.channel) in SHORT, site=site)
        values["count"] = str(len(notices))
    return values


def common_values(notice: Notice) -> dict[str, object]:
    """Return what every text may name, of this notice's reader and library."""
    library, patron = notice.library, notice.patron
    return {
        "name": patron.name if patron else notice.to_name,
        "card": patron.card if patron else "",
        "library": library.name,
        "library_phone": library.phone,
        "library_address": library.address,
        "account": "/account/",
    }


def _own(notice: Notice) -> dict[str, object]:
    if notice.sealed is None:
        return dict(notice.values)
    try:
        return sealing.unseal(bytes(notice.sealed))
    except SealBroken:
        return {}


def _lines(notices: Sequence[Notice], *, short: bool, site: str) -> str:
    most = LINES[short]
    lines = [_line(each, site) for each in notices[:most]]
    if len(notices) > most:
        more = _MORE.get(notices[0].language, _MORE["vi"])
        lines.append(more.format(count=len(notices) - most))
    return "\n".join(lines)


def _line(notice: Notice, site: str) -> str:
    kind = NoticeKind(notice.kind)
    values = shown_values(kind, {**_own(notice), **common_values(notice)}, site=site)
    return f"• {render(line_text(kind, notice.language), values)}"


def _account() -> str:
    site = setup.site_address()
    return f"{site}/account/notices" if site else ""
