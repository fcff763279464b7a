"""Devices, and messages that reach them: audience, durable outbox, senders (design, sections 3 and 7).

It imports no slice: it is given whom to reach and what to say.
"""
