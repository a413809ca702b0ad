from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.digitisation.policy.sheets import Colour
from tangthu.repository.models import DigitalObject

COLOUR_LABELS = {
    Colour.COLOUR: _("Colour"),
    Colour.GREY: _("Shades of grey"),
    Colour.BITONAL: _("Black and white"),
}


class Sheet(models.Model):
    """How an object was digitised and from what: what TCVN 12200:2018 wants to be kept of it.

    What the files themselves tell (format, pixels, size, digest) is not written here a second
    time: it is read from them.
    """

    object = models.OneToOneField(DigitalObject, models.CASCADE, related_name="digitisation_sheet")
    original_kind = models.CharField(_("kind of original"), max_length=100, blank=True)
    original_number = models.CharField(_("its number in the stack"), max_length=60, blank=True)
    original_size = models.CharField(_("its size"), max_length=60, blank=True)
    original_material = models.CharField(_("its material"), max_length=100, blank=True)
    original_condition = models.CharField(_("its condition"), max_length=200, blank=True)
    device = models.CharField(_("scanner or camera"), max_length=100, blank=True)
    software = models.CharField(_("program"), max_length=100, blank=True)
    resolution = models.PositiveIntegerField(_("resolution (dpi)"), null=True, blank=True)
    colour = models.CharField(
        _("colour"), max_length=10, choices=list(COLOUR_LABELS.items()), blank=True
    )
    bit_depth = models.PositiveSmallIntegerField(_("bits per pixel"), null=True, blank=True)
    profile = models.CharField(_("colour profile"), max_length=100, blank=True)
    processing = models.TextField(_("how the images were processed"), blank=True)
    operator = models.CharField(_("scanned by"), max_length=150, blank=True)
    scanned_on = models.DateField(_("scanned on"), null=True, blank=True)
    checker = models.CharField(_("checked by"), max_length=150, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("digitisation sheet")

    def __str__(self) -> str:
        return f"sheet of {self.object_id}"
