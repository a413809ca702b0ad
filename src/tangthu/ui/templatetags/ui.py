"""Tags and filters of the pages: icons, money, dates, languages, covers, paging."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.forms import BaseForm, BoundField, ModelChoiceField, Select
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from tangthu.core.money import Money
from tangthu.ui.navigation import Entry, Menu, grouped

register = template.Library()

COVERS = 6
NO_BREAK = "\u00a0"

# ISO 639-2 codes of MARC, as the tags of BCP 47 that a screen reader knows.
LANGUAGES = {
    "chi": "zh",
    "cze": "cs",
    "dut": "nl",
    "eng": "en",
    "fre": "fr",
    "ger": "de",
    "ita": "it",
    "jpn": "ja",
    "khm": "km",
    "kor": "ko",
    "lao": "lo",
    "lat": "la",
    "pol": "pl",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "tha": "th",
    "vie": "vi",
}
EDE_PARTICLES = {"Y", "H", "H'"}
WITHOUT_LANGUAGE = {"", "und", "mul", "zxx", "mis"}

KIND_ICONS = {
    "article": "file-earmark-text",
    "audio": "headphones",
    "book": "book",
    "computer": "disc",
    "ebook": "phone",
    "image": "eye",
    "kit": "layers",
    "manuscript": "pencil",
    "map": "map",
    "mixed": "archive",
    "music": "music-note-beamed",
    "newspaper": "newspaper",
    "object": "archive",
    "score": "music-note-beamed",
    "serial": "journal",
    "video": "camera-video",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; without a label it is decoration and is not read aloud."""
    return _drawn(str(name), str(label))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str) -> SafeString:
    # A page of results has a hundred of them.
    address = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def kind_icon(kind: object) -> str:
    """Name the icon of a material type."""
    return KIND_ICONS.get(str(kind), "book")


@register.simple_tag
def dong(amount: Money | int | None) -> str:
    """Write an amount of money as people do here: 25.000 đ."""
    if amount is None:
        return ""
    money = amount if isinstance(amount, Money) else Money(amount)
    unit = "đ" if money.currency == "VND" else money.currency
    digits = formats.number_format(money.amount, use_l10n=True, force_grouping=True)
    return f"{digits}{NO_BREAK}{unit}"


@register.filter
def so(number: int | None) -> str:
    """Write a count with its thousands told apart: 1.234."""
    if number is None:
        return ""
    return _grouped(number, get_language() or "")


@lru_cache(maxsize=4096)
def _grouped(number: int, language: str) -> str:
    # A page of results has fifty of them; Django looks up the ways of the language for each.
    return str(formats.number_format(number, use_l10n=True, force_grouping=True))


@register.filter
def ngay(moment: date | None) -> str:
    """Write a day, or the local day of a moment, as dd/MM/yyyy."""
    return _local(moment).strftime("%d/%m/%Y") if moment else ""


@register.filter
def gio(moment: datetime | None) -> str:
    """Write a moment in local time as HH:MM dd/MM/yyyy."""
    return _local(moment).strftime("%H:%M %d/%m/%Y") if moment else ""


def _local(moment: date) -> date:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


@register.simple_tag
def lang_attr(code: str | None) -> SafeString:
    """Write ` lang="…"` for words that are not in the page's language."""
    given = (code or "").strip().lower()
    if given in WITHOUT_LANGUAGE:
        return mark_safe("")
    tag = LANGUAGES.get(given, given)
    if tag == (get_language() or "").split("-")[0] or not tag.replace("-", "").isalnum():
        return mark_safe("")
    return format_html(' lang="{}"', tag)


@register.filter
def cover_tone(title: object) -> int:
    """Give a title one of the cover colours, the same one every time."""
    return zlib.crc32(str(title).encode()) % COVERS + 1


@register.filter
def initial(name: object) -> str:
    """Take the letter of a person's mark: that of the given name.

    It comes last in a Kinh name, and after Y or H' in an Ê Đê one.
    """
    words = str(name).replace("’", "'").split()
    if not words:
        return "?"
    if len(words) > 1 and words[0] in EDE_PARTICLES:
        return words[1][:1].upper()
    return words[-1][:1].upper()


@register.filter
def sentence_case(words: object) -> str:
    """Begin with a capital letter and leave the rest as it is."""
    return str(capfirst(str(words)))


@register.simple_tag
def page_numbers(page: int, pages: int) -> list[int | None]:
    """List the numbers to offer: the ends, the neighbours, and None for a gap."""
    wanted = {1, pages, *range(page - 1, page + 2)}
    if page <= 3:
        wanted |= {2, 3}
    if page >= pages - 2:
        wanted |= {pages - 1, pages - 2}
    numbers: list[int | None] = []
    for number in sorted(number for number in wanted if 1 <= number <= pages):
        last = numbers[-1] if numbers else None
        if last is not None and number - last > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.simple_tag
def sort_state(sort: str | None, name: str) -> dict[str, str]:
    """Tell how a column is sorted now, and the value of `sort` that its header leads to."""
    if sort == name:
        return {"aria": "ascending", "icon": "sort-up", "next": f"-{name}"}
    if sort == f"-{name}":
        return {"aria": "descending", "icon": "sort-down", "next": name}
    return {"aria": "", "icon": "", "next": name}


@register.simple_tag
def menu_groups(entries: Sequence[Entry], path: str) -> Menu:
    """Order the staff's menu into its groups, as seen from the page at this path."""
    return grouped(entries, path)


@register.simple_tag
def control(field: BoundField, **attributes: str | bool) -> SafeString:
    """Draw the control of a form field with further attributes (`data_scan=True`)."""
    named = {name.replace("_", "-"): value for name, value in attributes.items() if value != ""}
    return field.as_widget(attrs=named)


@register.filter
def mostly_optional(form: BaseForm) -> bool:
    """Tell whether it takes fewer words to name the fields that must be filled in."""
    required = [field.field.required for field in form.visible_fields() if not is_chosen(field)]
    return 2 * sum(required) < len(required)


@register.filter
def is_chosen(field: BoundField) -> bool:
    """Tell whether the field is a list without an empty choice: nobody can leave it out."""
    if not isinstance(field.field.widget, Select) or field.field.widget.allow_multiple_selected:
        return False
    if isinstance(field.field, ModelChoiceField):
        return field.field.empty_label is None
    return all(value not in ("", None) for value, _ in field.field.widget.choices)


@register.filter
def is_choice(field: BoundField) -> bool:
    """Tell whether the field is one checkbox, whose label stands behind it."""
    return field.widget_type == "checkbox"
