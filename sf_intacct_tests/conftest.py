"""Property tests try the same examples every time, and no test is judged by a clock."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")
