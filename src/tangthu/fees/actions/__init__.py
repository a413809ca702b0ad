"""The deeds of money. Nothing else writes to the ledger."""

from tangthu.fees.actions.charging import charge, reverse, reverse_source

__all__ = ["charge", "reverse", "reverse_source"]
