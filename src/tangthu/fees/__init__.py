"""Fees: what readers owe, pay and leave as deposits, in a ledger that is only added to."""
