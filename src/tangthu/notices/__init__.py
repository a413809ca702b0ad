"""Notices: what the library tells its readers, by which channel, once.

A *kind* is what a notice is about (due soon, hold ready, …), with the values that its text may
name; a reader chooses by *topic*, which gathers kinds that a person sees as one thing. A
*channel* is a way to reach somebody. A *choice* is a reader's consent for a topic by a channel,
kept with the very words that were agreed to. A *notice* is one line of the outbox. A *carrier*
hands a message to the world.

Promise: nobody is told what they did not ask for or agree to; the same (kind, source, reader,
channel) is sent once, however many workers there are and however often it is announced; what
cannot go now goes later, in order; nothing a person was sent is shown to who may not see them.
"""
