"""The REST interface: addresses, bodies, headers. It knows no rule; rules know nothing of it."""
