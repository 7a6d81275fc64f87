"""The addresses of the public pages."""

urlpatterns: list = []
