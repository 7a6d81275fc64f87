"""Names of languages."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext


def language_name(tag: str) -> str:
    """Return the name of a language tag in the reader’s language, or the tag where it has none."""
    for key in (tag.lower(), tag.lower().split("-")[0]):
        info = LANG_INFO.get(key, {})
        if name := info.get("name") or LANG_INFO.get((info.get("fallback") or [""])[0], {}).get("name"):
            # Django knows what languages are called in each of its own.
            return gettext(name)
    return tag
