from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tangthu.catalogue.models import Record
from tangthu.reading import citing, sharing
from tangthu.repository.models import DigitalObject

register = template.Library()


@register.inclusion_tag("reading/shared_head.html", takes_context=True)
def shared_head(
    context: template.Context, obj: DigitalObject, record: Record | None
) -> dict[str, object]:
    """Write what the object's page tells other programs into its head."""
    told = sharing.told(
        obj,
        record,
        site=context["request"].build_absolute_uri("/")[:-1],
        is_open=bool(context.get("is_open")),
    )
    return {"told": told, "linked_data": SafeString(told.linked_data)}


@register.simple_tag
def other_names(obj: DigitalObject) -> list[tuple[str, str]]:
    """Return the names of the object at other registries, with their addresses."""
    return citing.other_names(obj)


@register.simple_tag(takes_context=True)
def lasting_address(context: template.Context, obj: DigitalObject) -> str:
    """Return the address of the object by its lasting name."""
    site = context["request"].build_absolute_uri("/")[:-1]
    return sharing.told(obj, None, site=site, is_open=True).ark
