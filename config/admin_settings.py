"""Settings of the admin's look (django-unfold)."""

UNFOLD = {
    "SITE_TITLE": "Entente",
    "SITE_HEADER": "Entente",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
}
