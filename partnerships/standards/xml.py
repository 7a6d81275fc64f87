"""Writing XML: whatever stands in the data, the document stays well-formed."""

import re
from dataclasses import dataclass

from lxml import etree

XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: What XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return ``text`` with the replacement character for what XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


@dataclass(frozen=True)
class Namespace:
    """A vocabulary of elements.

    Args:
        uri: its name.
        location: where its schema stands.
        prefix: before its elements; None where none is needed.
    """

    uri: str
    location: str = ""
    prefix: str | None = None

    def root(self, name: str, location: str = "", **others: str) -> etree._Element:
        """Return a new element that says where its schema is.

        Args:
            location: instead of the location of the namespace.
            others: further namespaces by prefix.
        """
        element = etree.Element(f"{{{self.uri}}}{name}", nsmap={self.prefix: self.uri, "xsi": XSI, **others})
        element.set(f"{{{XSI}}}schemaLocation", f"{self.uri} {location or self.location}")
        return element

    def add(self, parent: etree._Element, name: str, text=None, **attributes) -> etree._Element:
        """Append an element; attributes without a value are left out."""
        element = etree.SubElement(parent, f"{{{self.uri}}}{name}")
        if text is not None:
            element.text = legal(str(text))
        for key, value in attributes.items():
            if value is not None and value != "":
                element.set(key, legal(value if isinstance(value, str) else str(value).lower()))
        return element

    def add_known(self, parent: etree._Element, name: str, text, **attributes) -> None:
        """The same, but nothing at all where ``text`` is not known."""
        if text is not None and text != "":
            self.add(parent, name, text, **attributes)
