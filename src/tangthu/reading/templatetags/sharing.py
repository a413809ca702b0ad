from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tangthu.catalogue.models import Record
from tangthu.reading import citing, sharing
from tangthu.repository.models import DigitalObject, Page

register = template.Library()


@register.inclusion_tag("reading/shared_head.html", takes_context=True)
def shared_head(
    context: template.Context, obj: DigitalObject, record: Record | None, page: Page | None = None
) -> dict[str, object]:
    """Write what the object's page tells other programs into its head.

    Of what is open to all, the page is the picture by which others show a link to it.
    """
    site, is_open = context["request"].build_absolute_uri("/")[:-1], bool(context.get("is_open"))
    told = sharing.told(obj, record, site=site, is_open=is_open)
    return {
        "told": told,
        "linked_data": SafeString(told.linked_data),
        "picture": sharing.preview(page, site) if page and is_open else "",
    }


@register.simple_tag
def other_names(obj: DigitalObject) -> list[tuple[str, str]]:
    """Return the names of the object at other registries, with their addresses."""
    return citing.other_names(obj)


@register.simple_tag(takes_context=True)
def lasting_address(context: template.Context, obj: DigitalObject) -> str:
    """Return the address of the object by its lasting name."""
    site = context["request"].build_absolute_uri("/")[:-1]
    return sharing.told(obj, None, site=site, is_open=True).ark
