"""What a self-service station says: to readers, who know nothing of the desk's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.policy import Block, Blocked
from tangthu.circulation.wording.lending import block_sentence

# What the desk is told to do is nothing that a reader can do.
FOR_READERS: Mapping[str, Promise] = {
    Block.ON_LOAN_TO_THIS_PATRON: _("You have this book already. To keep it longer, renew it."),
    Block.ON_LOAN_TO_ANOTHER: _("This book is still registered as lent."),
    Block.SET_ASIDE: _("This book is kept for another reader."),
    Block.NO_RULE: _("This kind of book is not lent to your card."),
    Block.ITEM_OF_ANOTHER_LIBRARY: _("This book belongs to another library."),
    Block.ITEM_LOST: _("This book is registered as missing."),
    Block.ITEM_WITHDRAWN: _("This book is no longer in the register."),
}


def refusal_sentences(blocks: Iterable[Blocked]) -> list[str]:
    """Return why not, in words for a reader, and at the end who can help."""
    words = [str(FOR_READERS.get(block.code) or block_sentence(block)) for block in blocks]
    return [*dict.fromkeys(words), gettext("Please see the librarian.")]
