"""The ways in which people are told: one module per channel, one message per call, one attempt per message."""
