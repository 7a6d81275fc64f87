"""What is read of files, and what hostile or damaged ones come to: an answer, always."""

import os

import pytest

from partnerships.services.texts import archives, limits, reading
from partnerships.services.texts.process import read_apart
from tests import files


def read(tmp_path, content: bytes, ending: str, **options):
    path = tmp_path / f"file{ending}"
    path.write_bytes(content)
    return read_apart(str(path), ending, **options)


def read_here(tmp_path, content: bytes, ending: str):
    """The same without a process, where many are read."""
    path = tmp_path / f"file{ending}"
    path.write_bytes(content)
    return reading.read(str(path), ending)


RTF = rb"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Fonty;}}{\*\generator Writer;}{\info{\author Secretary}}
\f0\uc1 Caf\'e9 \u54801?\u50557?\par next \b bold\b0  end \{braces\}}"""


@pytest.mark.parametrize(
    ("content", "ending", "words"),
    [
        (files.pdf("Quantum gardening"), ".pdf", "Quantum gardening"),
        (files.encrypted_pdf("Printing forbidden", ""), ".pdf", "Printing forbidden"),
        (files.encrypted_pdf("Old cipher", "", "RC4-128"), ".pdf", "Old cipher"),
        (files.word("Körper", cell="in a table", header="on top"), ".docx", "Körper\nin a table\non top"),
        (files.open_text("협약 text"), ".odt", "협약 text"),
        ("\ufeffplain 협약".encode(), ".txt", "plain 협약"),
        (RTF, ".rtf", "Café 협약\nnext bold end {braces}"),
    ],
)
def test_text_is_read(tmp_path, content, ending, words):
    assert read_here(tmp_path, content, ending) == ("done", words, "")


def test_a_table_is_read_from_a_spreadsheet(tmp_path):
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = (
        f'<sst xmlns="{sheet}"><si><t>Term</t></si><si><r><t>five </t></r><r><t>years</t></r></si></sst>'
    )
    content = files.archive({"xl/sharedStrings.xml": strings})
    assert read_here(tmp_path, content, ".xlsx").text == "Term\nfive years"


def test_remarks_and_deleted_text_are_no_part_of_it(tmp_path):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    body = f'<w:document xmlns:w="{word}"><w:p><w:r><w:t>stays</w:t></w:r>{deleted}</w:p></w:document>'
    remark = f'<w:comments xmlns:w="{word}"><w:p><w:r><w:t>remark</w:t></w:r></w:p></w:comments>'
    content = files.archive({"word/document.xml": body, "word/comments.xml": remark})
    assert read_here(tmp_path, content, ".docx").text == "stays"
    note = "<o:annotation><t:p>remark</t:p></o:annotation>"
    assert read_here(tmp_path, files.open_text("stays", note), ".odt").text == "stays"


BOMB = "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
OUTSIDE = '<!DOCTYPE x [<!ENTITY e0 SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("content", "ending", "state"),
    [
        (files.pdf(), ".pdf", "empty"),
        (files.word(" "), ".docx", "empty"),
        (files.encrypted_pdf("secret", "password"), ".pdf", "encrypted"),
        (files.encrypted_pdf("secret", "password", "RC4-128"), ".pdf", "encrypted"),
        (b"%PDF-1.7\n<html><script>alert(1)</script>", ".pdf", "broken"),
        (files.pdf("cut")[:200], ".pdf", "broken"),
        (files.word("cut")[:-300], ".docx", "broken"),
        (files.archive({"word/document.xml": "<w:p"}), ".docx", "broken"),
        (files.archive({"word/document.xml": "<p/>"}), ".docx", "empty"),
        (files.open_text("x", "&e11;", BOMB + "]>"), ".odt", "broken"),
        (files.open_text("x", "&e0;", OUTSIDE + "]>"), ".odt", "broken"),
        (
            files.archive({"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": b"\x8f\x00"}),
            ".odt",
            "encrypted",
        ),
        (b"{\\rtf1 {\\*\\x " + b"{" * 50_000, ".rtf", "empty"),
        (b"{\\rtf1 \\u99999999999 \\'zz \\ansicpg99999", ".rtf", "done"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, content, ending, state):
    found = read_here(tmp_path, content, ending)
    assert found.state == state
    assert "root:" not in found.text
    if state != "done":
        assert "searched" in found.message or "could not be read" in found.message


def test_an_archive_that_explodes_is_not_unpacked(tmp_path, monkeypatch):
    content = files.archive({"word/document.xml": b" " * (limits.MAX_UNPACKED + 1)})
    assert len(content) < 300_000
    assert read_here(tmp_path, content, ".docx").state == "too_large"
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    many = files.archive({f"word/header{n}.xml": "<p/>" for n in range(4)})
    assert read_here(tmp_path, many, ".docx").state == "too_large"


def test_an_archive_that_lies_about_its_size_is_no_way_around(tmp_path):
    """The directory says 10 bytes; what comes out is more, and reading stops there."""
    content = bytearray(files.archive({"word/document.xml": b"<p>" + b" " * 1_000_000 + b"</p>"}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert read_here(tmp_path, bytes(content), ".docx").state in {"broken", "empty"}


def test_a_long_text_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LETTERS", 10)
    found = read_here(tmp_path, b"0123456789abc", ".txt")
    assert (found.state, found.text) == ("done", "0123456789")
    assert "long" in found.message


def test_what_no_database_takes_is_left_out(tmp_path):
    assert read_here(tmp_path, b"a\x00b \xff c", ".txt").text == "a b � c"


class TestProcess:
    """Each reading is a process of its own, with narrow limits."""

    def test_it_knows_no_secret(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://secret")
        instead(monkeypatch, tmp_path, 'printf \'{"state": "done", "text": "%s"}\' "$DATABASE_URL$HOME"')
        assert read_apart("any", ".txt") == ("done", "", "")

    def test_it_is_ended_when_it_takes_too_long(self, tmp_path):
        path = tmp_path / "never.txt"
        os.mkfifo(path)
        found = read_apart(str(path), ".txt", seconds=1)
        assert found.state == "too_large"
        assert "too long" in found.message

    def test_memory_is_narrow(self, tmp_path):
        """A stream of a PDF that unpacks to more than the process may have."""
        path = tmp_path / "large.txt"
        with path.open("wb") as file:
            file.truncate(limits.MEMORY)
        found = read_apart(str(path), ".txt")
        assert (found.state, found.text) == ("too_large", "")

    @pytest.mark.parametrize(
        ("command", "state"),
        [
            ("kill -KILL $$", "broken"),
            ("kill -SEGV $$", "broken"),
            ("kill -XCPU $$", "too_large"),
            ("echo MemoryError >&2; exit 1", "too_large"),
            ("echo no JSON", "broken"),
            ("echo '{}'", "broken"),
        ],
    )
    def test_its_death_is_an_answer(self, tmp_path, monkeypatch, command, state):
        instead(monkeypatch, tmp_path, command)
        found = read_apart("any", ".pdf")
        assert (found.state, found.text) == (state, "")
        assert "could not be read" in found.message


def instead(monkeypatch, folder, command: str) -> None:
    """Let a command of the shell do the reading."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o700)
    monkeypatch.setattr("partnerships.services.texts.process.sys.executable", str(program))
