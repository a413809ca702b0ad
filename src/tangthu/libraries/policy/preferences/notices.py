"""What libraries decide about messages and reminders."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Preference, PreferenceKind


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


NOTICES_QUIET_FROM = Preference(
    name="notices_quiet_from",
    kind=PreferenceKind.INT,
    default=21,
    label=_("No message rings from this hour"),
    help=_("SMS, Zalo and notifications wait for the morning; e-mail and codes do not."),
    minimum=0,
    maximum=23,
)
NOTICES_QUIET_UNTIL = Preference(
    name="notices_quiet_until",
    kind=PreferenceKind.INT,
    default=7,
    label=_("Messages ring again from this hour"),
    minimum=0,
    maximum=23,
)
NOTICES_DIGEST_HOUR = Preference(
    name="notices_digest_hour",
    kind=PreferenceKind.INT,
    default=8,
    label=_("Hour of the daily digest"),
    help=_("For readers who chose to be told once a day."),
    minimum=0,
    maximum=23,
)
SMS_WITHOUT_MARKS = Preference(
    name="sms_without_marks",
    kind=PreferenceKind.BOOL,
    default=True,
    label=_("Send SMS without Vietnamese marks"),
    help=_("A text with marks costs more than twice as much."),
)
REMIND_DAYS_BEFORE = Preference(
    name="remind_days_before",
    kind=PreferenceKind.INT,
    default=3,
    label=_("Remind so many days before the due date"),
    help=_("0: not at all."),
    minimum=0,
    maximum=30,
)
REMIND_OVERDUE_FIRST = Preference(
    name="remind_overdue_first",
    kind=PreferenceKind.INT,
    default=1,
    label=_("First overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
REMIND_OVERDUE_SECOND = Preference(
    name="remind_overdue_second",
    kind=PreferenceKind.INT,
    default=7,
    label=_("Second overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
REMIND_OVERDUE_LAST = Preference(
    name="remind_overdue_last",
    kind=PreferenceKind.INT,
    default=21,
    label=_("Last overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
LETTER_FOR_LAST_REMINDER = Preference(
    name="letter_for_last_reminder",
    kind=PreferenceKind.BOOL,
    default=True,
    label=_("The last reminder is a letter for readers whom nothing else reaches"),
)
REMIND_CARD_DAYS = Preference(
    name="remind_card_days",
    kind=PreferenceKind.INT,
    default=30,
    label=_("Remind so many days before a card ends"),
    help=_("0: not at all."),
    minimum=0,
    maximum=120,
)

NOTICES = (
    NOTICES_QUIET_FROM,
    NOTICES_QUIET_UNTIL,
    NOTICES_DIGEST_HOUR,
    SMS_WITHOUT_MARKS,
    REMIND_DAYS_BEFORE,
    REMIND_OVERDUE_FIRST,
    REMIND_OVERDUE_SECOND,
    REMIND_OVERDUE_LAST,
    LETTER_FOR_LAST_REMINDER,
    REMIND_CARD_DAYS,
)
