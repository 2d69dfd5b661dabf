"""Both systems imitated over real HTTP, on one shared world.

Nothing here imports the house, and nothing in the house's clients is used here: a sandbox
that shared code with the client would agree with its mistakes.
"""
