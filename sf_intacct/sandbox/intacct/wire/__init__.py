"""The XML gateway: envelopes, sessions, functions. Nothing here decides a business rule."""
