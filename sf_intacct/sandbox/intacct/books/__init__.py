"""The books and their rules. Nothing here knows of HTTP or XML."""
