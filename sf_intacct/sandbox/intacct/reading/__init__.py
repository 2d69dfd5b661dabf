"""Questions to the books as SQL text. Nothing here knows of HTTP or XML."""
