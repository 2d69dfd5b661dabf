"""Seeded histories harder than production: the sending floor against the Intacct sandbox, in one process.

The journal, its SQLite file, `applying.carry_out`, the Intacct adapter and the sandbox are the real ones. Made here
are the people, the wire between both (without sockets, so that a history takes a fraction of a second), deaths and
pauses of the senders, and the clock.
"""
