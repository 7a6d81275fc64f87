"""What the description of the API says beyond the views: examples, problems, headers, deprecations.

``completing`` is a hook of drf-spectacular and works on the whole document, so it holds for every resource,
also for one that is added later.
"""
