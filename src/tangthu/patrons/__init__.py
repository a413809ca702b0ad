"""Patrons: the readers and their cards.

A *patron* (bạn đọc) holds a *card* (thẻ) with a number of its own, belongs to a *category* and
has a home library. A *guardian* answers for a child. A *restriction* stops lending until a day.
The *citizen number* (số định danh) is kept encrypted and is found by a keyed digest alone.

A patron *logs in* by card or phone with a password or a *code* sent to them, or by an *identity*
of another place that was linked to the card. A *program* (an e-reader) is logged in once, by card
and password, and then holds tokens of its own.

Promise: a patron is seen only within the actor's libraries; the citizen number is in no log, no
audit entry and no answer that did not ask for it by its own permission.
"""
