"""Fees: what readers owe, pay and leave as deposits, in a ledger that is only added to.

An *entry* (bút toán) is one thing that happened to money; its *postings* share it out over
*accounts* and always sum to zero. A *charge* (khoản phí) makes a reader owe; a *payment* settles
charges, a *waiver* forgives them, a *reversal* takes an entry back by its mirror image. A
*deposit* (tiền cược) is the reader's money in the library's keeping: a liability, never income.
A *drawer* is counted at the end of each *session*; a *receipt* has a number without gaps.

Promise: no đồng appears or vanishes. An entry is never changed and never deleted, by anybody; a
balance is the sum of postings and nothing else; the same cause never charges twice.
"""
