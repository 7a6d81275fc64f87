"""Text of RTF: groups in braces, control words behind a backslash, everything else is text."""

import re

#: A control word with its number, a sign in hexadecimal, an escaped sign, a brace, or a run of text.
_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I
)
#: Groups that hold no text of the document.
_ELSEWHERE = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore", "listtable",
    "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "filetbl", "revtbl", "annotation", "fldinst",
    "latentstyles", "template", "bkmkstart", "bkmkend", "atnid", "atnauthor",
}  # fmt: skip
_SIGNS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": " ", "cell": " ",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}",
}  # fmt: skip


def text_of(content: bytes) -> str:
    """Return the text of an RTF file; signs that its code page does not know are left out."""
    source = content.decode("latin-1")
    page = re.search(r"\\ansicpg(\d{1,5})", source)
    encoding = _known(f"cp{page[1]}" if page else "cp1252")
    pieces: list[str] = []
    bytes_: bytearray = bytearray()
    # Of every open group: whether it is passed over, and how many signs stand for one of Unicode.
    groups = [(False, 1)]
    passed, fallback, left = False, 1, 0
    for word, number, code, sign, brace, run in (found.groups() for found in _TOKEN.finditer(source)):
        if code and not left:
            bytes_ += bytes.fromhex(code) if not passed else b""
            continue
        if bytes_:
            pieces.append(bytes_.decode(encoding, "ignore"))
            bytes_.clear()
        if brace == "{":
            groups.append((passed, fallback))
        elif brace == "}":
            passed, fallback = groups.pop() if len(groups) > 1 else groups[0]
            left = 0
        elif word == "uc":
            fallback = int(number or 1)
        elif word in _ELSEWHERE or sign == "*":
            passed = True
        elif passed:
            continue
        elif word == "u" and number:
            pieces.append(_letter(int(number)))
            left = fallback
        elif code:
            left -= 1
        elif word or sign:
            pieces.append(_SIGNS.get((word or sign).lower(), ""))
        elif run:
            pieces.append(run[left:])
            left = max(0, left - len(run))
    pieces.append(bytes_.decode(encoding, "ignore"))
    return _whole("".join(pieces))


def _known(encoding: str) -> str:
    try:
        b"".decode(encoding)
        return encoding
    except LookupError:
        return "cp1252"


def _letter(number: int) -> str:
    return chr(number % 65536)


def _whole(text: str) -> str:
    """Letters that were written as two halves, in one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
