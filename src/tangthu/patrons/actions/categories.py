"""The kinds of readers (loại bạn đọc), the same for the whole network."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.errors import CategoryCodeTaken
from tangthu.patrons.models import PatronCategory
from tangthu.patrons.permissions import PatronsPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryData:
    """A kind of reader: who belongs to it, and what its card is worth."""

    code: str
    name: str
    minimum_age: int | None = None
    maximum_age: int | None = None
    card_months: int = 12
    needs_guardian: bool = False


DEFAULT_CATEGORIES = (
    CategoryData(code="adult", name="Người lớn", minimum_age=16),
    CategoryData(code="child", name="Thiếu nhi", maximum_age=15, needs_guardian=True),
    CategoryData(code="student", name="Học sinh, sinh viên"),
    CategoryData(code="staff", name="Cán bộ thư viện", card_months=24),
)
"""What a library begins with. The names are data of a Vietnamese library."""


@transaction.atomic
def create_category(data: CategoryData, *, by: Actor) -> PatronCategory:
    """Add a kind of reader. Raises CategoryCodeTaken."""
    _require_network(by)
    return _save(PatronCategory(), data, "category.created", by=by)


@transaction.atomic
def change_category(category: PatronCategory, data: CategoryData, *, by: Actor) -> PatronCategory:
    """Change a kind of reader. Cards keep their dates until they are renewed."""
    _require_network(by)
    category = PatronCategory.objects.select_for_update().get(pk=category.pk)
    return _save(category, data, "category.changed", by=by)


@transaction.atomic
def create_default_categories(*, by: Actor) -> dict[str, PatronCategory]:
    """Make the kinds of readers a library begins with; those that are there stay as they are."""
    _require_network(by)
    known = {category.code: category for category in PatronCategory.objects.all()}
    for data in DEFAULT_CATEGORIES:
        if data.code not in known:
            category = PatronCategory()
            known[data.code] = _save(category, data, "category.created", by=by)
    return known


def _require_network(by: Actor) -> None:
    for root in Library.objects.filter(parent=None):
        by.require(PatronsPermission.MANAGE_CATEGORIES, at=root.pk)


def _save(
    category: PatronCategory, data: CategoryData, action: str, *, by: Actor
) -> PatronCategory:
    before = audit.snapshot(category) if category.pk else None
    for name, value in asdict(data).items():
        setattr(category, name, value)
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        raise CategoryCodeTaken(field="code") from None
    after = audit.snapshot(category)
    audit.record(action, by=by, kind="category", key=category.pk, before=before, after=after)
    return category
