from __future__ import annotations

from collections.abc import Iterable

from tangthu.core.errors import Conflict, Invalid, NotFound
from tangthu.notices.policy import TemplateFault


class ConsentTextChanged(Conflict):
    """The words that were agreed to are not those that hold now: show the new ones first."""

    code = "consent_text_changed"


class NotChoosable(Invalid):
    """This topic or channel is not a reader's to choose."""

    code = "notice_not_choosable"


class Unreachable(Conflict):
    """There is no address of the reader's for the channel, or the channel is not set up."""

    code = "notice_unreachable"


class TemplateRefused(Invalid):
    """A text that would not do. `faults` tells every place."""

    code = "notice_template_refused"

    def __init__(self, field: str, faults: Iterable[TemplateFault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(
            field=field,
            fault=str(first.fault),
            line=first.line,
            column=first.column,
            text=first.text,
        )


class TemplateTooLong(Invalid):
    code = "notice_template_too_long"


class ZaloTemplateNeeded(Invalid):
    code = "zalo_template_needed"


class NoticeGone(Conflict):
    """Somebody else has sent, cancelled or taken the notice in the meantime."""

    code = "notice_gone"


class NoOwnAddress(Conflict):
    """Whoever tries a channel out has no address for it."""

    code = "notice_no_own_address"


class SubscriptionRefused(Invalid):
    """What the browser gave is no subscription of a push service that we know."""

    code = "push_subscription_refused"


class UnknownTemplate(NotFound):
    code = "notice_template_unknown"


class SealBroken(Conflict):
    """What was sealed cannot be opened: the secret key was changed."""

    code = "notice_seal_broken"
