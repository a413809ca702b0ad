"""What every app stands on.

Actor: who acts, where, through which face, with which permissions.
TangthuError: the root of every refusal, with a stable code and data, never prose.
Wording: the sentence a person reads for a code, in one place for all faces.
Audit: who changed what, with the values before and after.
Changes: the feed of news that higher apps read from where they stopped.
Idempotency: a request that comes twice is answered the second time as the first.
Money: whole đồng in a value that knows its currency.
"""
