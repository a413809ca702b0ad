from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from tangthu.core.requests import LibraryRequest
from tangthu.ui.staff import staff_page


class SampleForm(forms.Form):
    """One field of every kind, so that the gallery shows how each looks."""

    name = forms.CharField(label=_("Full name"), help_text=_("As on the identity card."))
    card = forms.CharField(label=_("Card number"), max_length=5)
    born_on = forms.DateField(label=_("Born on"), required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=[("adult", _("Adult")), ("child", _("Child"))]
    )
    ways = forms.MultipleChoiceField(
        label=_("Notices by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("zalo", "Zalo"), ("sms", "SMS"), ("email", "E-mail")],
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label=_("The rules were explained to the reader"), required=False)


SAMPLE_ANSWERS = {"name": "Y Ƀlŭl Niê Blô", "card": "TVDL-000123", "born_on": "31/02/2010"}

SAMPLE_HITS = [
    {
        "title": "Sử thi Ê Đê: Khan Đăm Săn và Khan Đăm Kteh Mlan",
        "title_html": mark_safe("Sử thi Ê Đê: Khan <mark>Đăm Săn</mark> và Khan Đăm Kteh Mlan"),
        "by": "Nguyễn Hữu Thấu sưu tầm",
        "publisher": "Chính trị quốc gia",
        "year": 2003,
        "kind": "book",
        "kind_label": "Sách",
        "language": "vie",
        "status": "available",
        "place": "Kho địa chí, tầng 2",
        "text": "",
    },
    {
        "title": "Klei khan Y Ƀlŭl Niê Blô: klei duê ê̆ ô̆ ơ̆ ư̆",
        "by": "Y Wang Mlô Duôn Du",
        "year": 1998,
        "kind": "audio",
        "kind_label": "Bản ghi âm",
        "language": "rad",
        "status": "on_loan",
        "due_in": 9,
        "place": "Phòng mượn",
        "text": "Có lời dịch tiếng Việt kèm theo.",
    },
    {
        "title": "Cà phê Buôn Ma Thuột: từ nương rẫy đến tách cà phê, kỹ thuật trồng và chế biến",
        "by": "Trần Thị Mai",
        "publisher": "Nông nghiệp",
        "year": 2019,
        "kind": "book",
        "kind_label": "Sách",
        "language": "vie",
        "status": "on_site_only",
        "place": "Phòng đọc",
        "text": "",
    },
]

SAMPLE_FACET = [
    {"value": str(place), "label": label, "count": count, "chosen": place == 1}
    for place, (label, count) in enumerate(
        [
            ("Địa chí Đắk Lắk", 1284),
            ("Văn học dân gian", 310),
            ("Cà phê", 96),
            ("Luật tục", 54),
            ("Cồng chiêng", 41),
            ("Voi", 23),
            ("Nhà dài", 12),
            ("Hồ Lắk", 7),
        ]
    )
]

SAMPLE_LOANS = [
    {"title": "Đất rừng phương Nam", "barcode": "DLK0001234", "due_in": -3},
    {"title": "Dế Mèn phiêu lưu ký", "barcode": "DLK0001235", "due_in": 2},
    {"title": "Từ điển Việt – Ê Đê", "barcode": "DLK0009981", "due_in": 14},
]

STATUSES = [
    "available",
    "on_loan",
    "on_site_only",
    "in_transit",
    "on_hold_shelf",
    "in_processing",
    "none",
    "lost",
]


@staff_page()
def gallery(request: LibraryRequest) -> HttpResponse:
    """Show every component, with words as they come in this place."""
    now = timezone.now()
    due = {days: now + timedelta(days=days) for days in (-3, 2, 9, 14)}
    messages.success(request, _("This is a message that a step left behind."))
    form = SampleForm(SAMPLE_ANSWERS)
    context = {
        "form": form,
        "hits": [{**hit, "due_at": due.get(int(str(hit.get("due_in", 0))))} for hit in SAMPLE_HITS],
        "loans": [{**loan, "due_at": due[int(str(loan["due_in"]))]} for loan in SAMPLE_LOANS],
        "facet": SAMPLE_FACET,
        "statuses": STATUSES,
        "due_at": due[9],
        "now": now,
        "facts": [
            (_("Publisher"), "Văn hóa dân tộc"),
            (_("Edition"), ""),
            (_("Year"), 2003),
            (_("ISBN"), "978-604-70-1234-5"),
        ],
        "crumbs": [(_("Desk"), "/desk/"), (_("Components"), "")],
        "tabs": [
            {"label": _("Loans"), "url": "#tabs", "current": True, "icon": "book", "count": 3},
            {"label": _("History"), "url": "#tabs", "icon": "clock-history"},
            {"label": _("Details"), "url": "#tabs", "icon": "person"},
        ],
        "chips": [{"label": "Địa chí", "url": "#chips"}, {"label": "1998–2003", "url": "#chips"}],
    }
    return render(request, "ui/gallery.html", context)
