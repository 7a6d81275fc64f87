"""Every resource of ``/api/v1/`` in one place."""

urlpatterns: list = []
