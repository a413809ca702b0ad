"""A card applied for from afar: what the applicant does, page by page, until it is sent.

Nobody is logged in here. Whoever holds the application's secret code acts on it: the faces find
it by that code alone, so these deeds ask for no permission. None of them tells the applicant
anything of other readers.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.access.policy import throttled_address
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.libraries.policy.preferences.patrons import GUARDIAN_UNTIL_AGE
from tangthu.libraries.reading import preference
from tangthu.patrons import messages, policy, sealing
from tangthu.patrons.actions import consenting
from tangthu.patrons.actions.photos import drop, keep
from tangthu.patrons.errors import (
    ApplicationIncomplete,
    ApplicationNotChangeable,
    CategoryNotFromAfar,
    LibraryTakesNoApplications,
    PatronInvalid,
    TooManyTries,
    UnknownCode,
)
from tangthu.patrons.models import Application, ApplicationState, Knock, PatronCategory
from tangthu.patrons.policy import applying
from tangthu.patrons.policy.applying import Purpose, Step
from tangthu.patrons.policy.citizen_card import looks_like_a_card, read_card
from tangthu.text.normal import normalise
from tangthu.text.phones import read_citizen_number

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutYou:
    """Who applies. In place of the number the whole text of the card's QR code is taken too."""

    name: str
    birth_on: date | None
    address: str = ""
    citizen_number: str = field(default="", repr=False)
    forget_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToReach:
    """How the applicant is reached, where they want to be a reader, and who answers for a child."""

    library: Library
    category: PatronCategory
    phone: str = ""
    email: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_relation: str = ""


def begin_application(
    about: AboutYou, *, address: str | None, language: str
) -> tuple[Application, str]:
    """Begin an application, and return it with its secret code.

    Raises TooManyTries after many from one address, PatronInvalid for what cannot be.
    """
    told = _from_card(about)
    _judge(told)
    knock("begin", address, limit=applying.BEGUN_PER_HOUR)
    code = "".join(secrets.choice(applying.CODE_LETTERS) for _ in range(applying.CODE_LENGTH))
    now = timezone.now()
    with transaction.atomic():
        application = Application.objects.create(
            code_digest=sealing.digest(code), language=language, begun_at=now, changed_at=now
        )
        application.code_sealed = sealing.seal(code, row=f"code:{application.pk}")
        _put(application, told)
    return application, code


def find_application(code: str, *, address: str | None) -> Application:
    """Return the application of a code that somebody types or a link carries.

    Raises UnknownCode, and TooManyTries after many codes from one address: 16 letters cannot be
    guessed, and shall not be tried either.
    """
    knock("code", address, limit=applying.TRIED_PER_HOUR)
    found = Application.objects.by_code(code).first()
    if found is None:
        raise UnknownCode(field="code")
    return found


def held_application(code: str, *, address: str | None) -> Application | None:
    """Return the application of the code that a phone holds; None when it is forgotten.

    A code that fits nothing counts as a try, so that cookies cannot be guessed faster than links.
    """
    rows = Application.objects.select_related(
        "library", "category", "photo", "patron__library", "patron__category", "patron__photo"
    )
    found = rows.by_code(code).first()
    if found is None:
        knock("code", address, limit=applying.TRIED_PER_HOUR)
    return found


@transaction.atomic
def save_about(application: Application, about: AboutYou) -> Application:
    """Save the page on which the applicant says who they are."""
    row = _changeable(application)
    told = _from_card(about)
    _judge(told)
    _put(row, told)
    return row


@transaction.atomic
def save_reach(application: Application, reach: HowToReach) -> Application:
    """Save the page on the library, the kind of card, and how to reach whom.

    Raises LibraryTakesNoApplications and CategoryNotFromAfar for what the library does not give.
    """
    row = _changeable(application)
    offered = categories_from_afar(reach.library)
    if not offered:
        raise LibraryTakesNoApplications(field="library")
    if reach.category.code not in offered:
        raise CategoryNotFromAfar(field="category")
    _judge_reach(row, reach)
    row.library, row.category = reach.library, reach.category
    row.phone = policy.stored_phone(reach.phone) or ""
    row.email = normalise(reach.email)
    row.guardian_name = normalise(reach.guardian_name)
    row.guardian_phone = policy.stored_phone(reach.guardian_phone) or ""
    row.guardian_relation = normalise(reach.guardian_relation)
    _touch(row)
    return row


def save_photo(application: Application, data: bytes, *, address: str | None) -> Application:
    """Keep the applicant's portrait, drawn anew from the file that came.

    Raises PhotoRefused, and TooManyTries after many pictures from one address.
    """
    knock("photo", address, limit=applying.PHOTOS_PER_HOUR)
    with transaction.atomic():
        row = _changeable(application)
        former, row.photo = row.photo_id, keep(data)
        _touch(row)
        drop(former)
    return row


@transaction.atomic
def drop_photo(application: Application) -> Application:
    """Forget the portrait again."""
    row = _changeable(application)
    former, row.photo = row.photo_id, None
    _touch(row)
    drop(former)
    return row


@transaction.atomic
def save_consents(
    application: Application, agreed: Collection[Purpose], *, language: str
) -> Application:
    """Store what the applicant agrees to, each by itself, with its words; the rest is withdrawn.

    For a child the guardian agrees, and from seven years on the child with them.
    """
    row = _changeable(application)
    if row.library is None:
        raise ApplicationIncomplete(steps={Step.CONTACT.value: ["library"]})
    consenting.set_of_application(row, agreed, given_by=_who_agrees(row), language=language)
    _touch(row)
    return row


@transaction.atomic
def send_application(application: Application, *, by: Actor) -> Application:
    """Send it to the library, for the first time or after it was returned.

    Raises ApplicationIncomplete with what is missing. It keeps its place in the queue when it is
    sent again.
    """
    row = _changeable(application)
    lacks = missing_in(row)
    if lacks or row.library is None:
        steps = {step.value: list(names) for step, names in lacks.items()}
        raise ApplicationIncomplete(steps=steps)
    row.state = ApplicationState.WAITING
    row.sent_at = row.sent_at or timezone.now()
    row.reason, row.reason_text = "", ""
    _touch(row)
    audit.record(
        "application.sent",
        by=by,
        kind="application",
        key=row.pk,
        library=row.library_id,
    )
    tell(row, messages.MessageKind.APPLICATION_RECEIVED)
    return row


@transaction.atomic
def withdraw_application(application: Application, *, by: Actor) -> None:
    """Forget an application that is not decided, at the applicant's wish: nothing of it stays."""
    row = _locked(application)
    if row.state == ApplicationState.APPROVED:
        raise ApplicationNotChangeable
    audit.record(
        "application.withdrawn",
        by=by,
        kind="application",
        key=row.pk,
        library=row.library_id,
    )
    forget(row)


def categories_from_afar(library: Library) -> frozenset[str]:
    """Return the codes of the kinds of cards that the library gives to people at home."""
    return frozenset(str(preference(library, "application_categories")).replace(",", " ").split())


def missing_in(application: Application) -> dict[Step, tuple[str, ...]]:
    """Return what must still be said before the application can be sent, by page."""
    agreed = application.consents.in_force().values_list("purpose", flat=True)
    told = applying.Told(
        name=application.name,
        birth_on=application.birth_on,
        phone=application.phone,
        email=application.email,
        library=application.library_id is not None,
        category=application.category_id is not None,
        guardian_name=application.guardian_name,
        guardian_phone=application.guardian_phone,
        has_photo=application.photo_id is not None,
        agreed=[Purpose(purpose) for purpose in agreed],
    )
    today = timezone.localdate()
    until_age = guardian_until_age(application)
    return dict(applying.missing(told, today=today, guardian_until_age=until_age))


def guardian_until_age(application: Application) -> int:
    """Return until which age the applicant's library wants a guardian; 16 before one is chosen."""
    if application.library is None:
        return int(GUARDIAN_UNTIL_AGE.default)
    return int(preference(application.library, "guardian_until_age"))


def code_of(application: Application) -> str:
    """Return the secret code, to write it on the receipt and into messages."""
    sealed = application.code_sealed
    return "" if sealed is None else sealing.unseal(bytes(sealed), row=f"code:{application.pk}")


def number_row(application: Application) -> str:
    """Return the row for which the applicant's citizen number is sealed."""
    return f"application:{application.pk}"


def tell(application: Application, kind: messages.MessageKind, **values: object) -> None:
    """Send the applicant the news; nowhere, where they gave neither phone nor e-mail."""
    if application.library is None:
        return
    messages.send(
        messages.Message(
            kind=kind,
            library=application.library,
            source=f"application:{application.pk}:{kind}:{application.version}",
            patron=application.patron,
            name=application.guardian_name or application.name,
            phone=application.phone or application.guardian_phone,
            email=application.email,
            language=application.language,
            values={"number": f"HS{application.pk:06}", "code": code_of(application), **values},
        )
    )


def forget(application: Application) -> None:
    """Delete the row, the portrait and the consents of somebody who did not become a reader."""
    photo = application.photo_id
    application.consents.filter(patron=None).delete()
    application.delete()
    drop(photo)


def knock(kind: str, address: str | None, *, limit: int) -> None:
    """Count one more of its kind from an address. Raises TooManyTries past the limit in an hour.

    Written before it is counted, so that of many in one moment each counts the others.
    """
    counted = throttled_address(address)
    if counted is None:
        return
    now = timezone.now()
    own = Knock.objects.create(kind=kind, address=counted, at=now)
    recent = Knock.objects.filter(kind=kind, address=counted, at__gt=now - HOUR)
    if recent.count() > limit:
        own.delete()
        raise TooManyTries


def _locked(application: Application) -> Application:
    rows = Application.objects.select_related("library", "category", "patron")
    row = rows.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if row is None:
        raise UnknownCode
    return row


def _changeable(application: Application) -> Application:
    row = _locked(application)
    if not row.is_changeable:
        raise ApplicationNotChangeable
    return row


def _touch(row: Application) -> None:
    row.version += 1
    row.changed_at = timezone.now()
    row.save()


def _from_card(about: AboutYou) -> AboutYou:
    """Take what a scanned card says, where a scanner typed its text into the field."""
    if not looks_like_a_card(about.citizen_number):
        return about
    card = read_card(about.citizen_number)
    if card is None:
        raise PatronInvalid([policy.Fault("citizen_number", "citizen_card_unreadable")])
    return AboutYou(
        name=about.name or card.name,
        birth_on=about.birth_on or card.birth_on,
        address=about.address or card.address,
        citizen_number=card.number,
    )


def _put(row: Application, told: AboutYou) -> None:
    row.name = normalise(told.name)
    row.folded_name = policy.search_words(row.name)[:320]
    row.birth_on = told.birth_on
    row.address = normalise(told.address)
    read = read_citizen_number(told.citizen_number) if told.citizen_number else None
    if read is not None:
        row.citizen_number_sealed = sealing.seal(read.digits, row=number_row(row))
        row.citizen_number_digest = sealing.digest(read.digits)
    elif told.forget_number:
        row.citizen_number_sealed, row.citizen_number_digest = None, None
    _touch(row)


def _judge(told: AboutYou) -> None:
    found = _faults(
        name=told.name, birth_on=told.birth_on, citizen_number=told.citizen_number.strip()
    )
    if told.birth_on is None:
        found.append(policy.Fault("birth_on", "birth_missing"))
    if found:
        raise PatronInvalid(found)


def _judge_reach(row: Application, reach: HowToReach) -> None:
    found = _faults(
        name=row.name,
        birth_on=row.birth_on,
        phone=reach.phone.strip(),
        email=normalise(reach.email),
        guardian=policy.Guardian(
            name=normalise(reach.guardian_name), phone=reach.guardian_phone.strip()
        ),
        terms=policy.CategoryTerms(
            minimum_age=reach.category.minimum_age,
            maximum_age=reach.category.maximum_age,
            needs_guardian=reach.category.needs_guardian,
        ),
        guardian_until_age=int(preference(reach.library, "guardian_until_age")),
    )
    if found:
        raise PatronInvalid(found)


def _faults(
    *,
    name: str,
    birth_on: date | None,
    terms: policy.CategoryTerms | None = None,
    guardian: policy.Guardian | None = None,
    guardian_until_age: int = 0,
    **texts: str,
) -> list[policy.Fault]:
    application = policy.Application(
        name=name,
        birth_on=birth_on,
        today=timezone.localdate(),
        terms=terms or policy.CategoryTerms(),
        guardian=guardian or policy.Guardian(),
        guardian_until_age=guardian_until_age,
        **texts,  # type: ignore[arg-type]
    )
    return list(policy.faults(application))


def _who_agrees(row: Application) -> str:
    today, until_age = timezone.localdate(), guardian_until_age(row)
    if not applying.is_child(row.birth_on, today=today, until_age=until_age):
        return row.name
    if applying.is_asked_too(row.birth_on, today=today, until_age=until_age):
        return f"{row.guardian_name}, {row.name}"[:150]
    return row.guardian_name
