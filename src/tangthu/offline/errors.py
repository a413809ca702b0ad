"""Why the offline desk's dealings are refused.

NotPermitted
└── UnknownStaff        the event is in the name of somebody who never opened the device
NotFound
├── UnknownDevice       no such device, or not of a library of the actor
└── UnknownCopy         no copy has this barcode
Conflict
├── DeviceRevoked       it was shut out, lost or stolen
├── EventsMissing       events before these have not come; they are asked for again
├── AlreadySettled      somebody settled the event in the meantime
├── ReaderNotRegistered the event before it, which registers the reader, is not done
├── NotOnLoan           there is no loan of this reader to renew
└── LentSince           the copy was lent again later: the later loan stands
Invalid
├── NotWithoutReason    to put an event aside takes a reason
└── FileRefused         a file that no device of ours made, or that is damaged; says why
"""

from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, NotFound, NotPermitted


class UnknownDevice(NotFound):
    code = "unknown_device"


class DeviceRevoked(Conflict):
    code = "device_revoked"


class EventsMissing(Conflict):
    """`data["after"]` is the last event that has come."""

    code = "events_missing"


class AlreadySettled(Conflict):
    code = "already_settled"


class UnknownCopy(NotFound):
    code = "unknown_copy"


class UnknownStaff(NotPermitted):
    """Whoever did it never opened this device, or may not log in any more."""

    code = "unknown_staff"


class ReaderNotRegistered(Conflict):
    code = "reader_not_registered"


class NotOnLoan(Conflict):
    code = "not_on_loan_to_renew"


class LentSince(Conflict):
    code = "lent_since"


class NotWithoutReason(Invalid):
    code = "reason_needed"


class FileRefused(Invalid):
    """`data["why"]` says what is wrong with the file."""

    code = "offline_file_refused"

    def __init__(self, why: str) -> None:
        super().__init__("file", why=why)
        self.why = why
