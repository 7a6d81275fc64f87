"""The app that carries the house's own checks and the ``serve`` command."""

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """Registers the system checks, and how changes are worded, once Django is ready."""

    name = "config"
    label = "config"
    verbose_name = "Composition"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registering is the point)
        from config.languages import compile_catalogues
        from partnerships.api import lasting

        compile_catalogues()
        # Whatever process tells changes, the worker too, words records as the API does.
        lasting.install()
