"""Names of languages."""

from django.conf.locale import LANG_INFO


def language_name(tag: str) -> str:
    """Return the English name of a language tag, or the tag itself where it is not known."""
    for key in (tag.lower(), tag.lower().split("-")[0]):
        info = LANG_INFO.get(key, {})
        if name := info.get("name") or LANG_INFO.get((info.get("fallback") or [""])[0], {}).get("name"):
            return name
    return tag
