"""Files as they come: encodings, separators, workbooks, and files that lie."""

import datetime
import gzip
import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from partnerships.services.importing.reading import FileRefused, limits, open_table

TEXT = "기관,제목\r\n카이스트,양해각서\r\n서울대학교,협정\r\n"
WESTERN = "Universität,Größe\r\nKöln,Straße – groß\r\n"


def rows(data: bytes, name: str = "a.csv", **reading) -> list[list[str]]:
    table = open_table(io.BytesIO(data), name, reading)
    return [table.headers, *(cells for _, cells, _ in table.rows)]


def workbook(*lines, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for number in range(1, sheets):
        book.create_sheet(f"More {number}").append(["Other", "heading"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "euc-kr", "cp949"]
)
def test_korean_in_every_encoding(encoding):
    assert rows((TEXT * 20).encode(encoding))[1] == ["카이스트", "양해각서"]


def test_western_european_and_the_word_of_a_person():
    assert rows(WESTERN.encode("cp1252"))[1] == ["Köln", "Straße – groß"]
    assert rows(WESTERN.encode("cp1252"), encoding="cp1252")[0] == ["Universität", "Größe"]
    with pytest.raises(FileRefused, match="does not fit the encoding"):
        rows(b"\xef\xbb\xbfa,b\r\n" + "ö,ü\r\n".encode("cp1252"), encoding="utf-8-sig")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_are_found_out(delimiter):
    line = delimiter.join(["{}", '"one, two; three"', "x"]) + "\n"
    text = line.format("a").replace("one, two; three", "b") + line.format(1) + line.format(2)
    assert rows(text.encode())[1] == ["1", "one, two; three", "x"]


def test_dates_and_numbers_of_a_workbook():
    data = workbook(["When", "Count", "Share", "None"], [datetime.datetime(2024, 5, 21), 3.0, 0.5, None])
    assert rows(data, "a.xlsx")[1] == ["2024-05-21", "3", "0.5", ""]


def test_a_sheet_by_name():
    data = workbook(["A", "B"], ["1", "2"], sheets=2)
    assert rows(data, "a.xlsx", sheet="More 1") == [["Other", "heading"]]
    with pytest.raises(FileRefused, match="The sheets are: Sheet, More 1"):
        rows(data, "a.xlsx", sheet="No such")


def test_packed_text_and_quoted_lines():
    assert rows(gzip.compress(b'a,b\n"x\ny",2\n'), "a.csv.gz")[1] == ["x\ny", "2"]


@pytest.mark.parametrize(
    ("data", "name", "complaint"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n\n", "a.csv", "no headings"),
        (b"a,,c\n1,2,3", "a.csv", "Column 2 has no heading"),
        (b"a,A\n1,2", "a.csv", "Two columns are called"),
        (b"2024-01-01,5\n1,2", "a.csv", "not headings"),
        (b"a,b", "a.xlsx", "no Excel workbook inside"),
        (b"PK\x03\x04", "a.xlsx", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "before 2007"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], "a.csv.gz", "damaged"),
        (b"\n".join([b",".join(b"h%d" % n for n in range(201))]), "a.csv", "more than 200 columns"),
        (b'a,b\n"' + b"x" * 200_000 + b'",2\n', "a.csv", "longer than"),
    ],
    # A file is no name for a test, and one that holds the time is another in each process.
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_refused_and_why(data, name, complaint):
    with pytest.raises(FileRefused, match=complaint):
        rows(data, name)


def test_a_zip_that_is_no_workbook_and_one_that_would_burst(monkeypatch):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/sharedStrings.xml", b"0" * 3_000_000)
    with pytest.raises(FileRefused, match="no Excel workbook"):
        rows(file.getvalue(), "a.xlsx")
    monkeypatch.setattr("partnerships.services.importing.reading.workbooks.MAX_UNPACKED", 1_000_000)
    with pytest.raises(FileRefused, match="too large unpacked"):
        rows(file.getvalue(), "a.xlsx")


def test_a_gz_that_would_burst(monkeypatch):
    monkeypatch.setattr("partnerships.services.importing.reading.files.MAX_UNPACKED", 1_000_000)
    with pytest.raises(FileRefused, match="too large unpacked"):
        rows(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000), "a.csv.gz")


def test_rows_of_another_shape_are_named():
    table = open_table(io.BytesIO(b"a,b\n1,2,3\n1\n1,\x00\n1,2\n"), "a.csv", {"encoding": "utf-8-sig"})
    faults = [fault for _, _, fault in table.rows]
    assert faults[0].startswith("The row has 3 cells") and faults[1].startswith("The row has 1 cells")
    assert "NUL" in faults[2] and faults[3] == ""


def test_too_many_rows():
    with pytest.raises(FileRefused, match="more than 100,000 rows"):
        rows(b"a,b\n" + b"1,2\n" * (limits.MAX_ROWS + 1))


def test_a_long_file_is_not_held_in_memory():
    line = "가나다라,".encode() + b"x" * 400 + b"\n"
    data = io.BytesIO(b"a,b\n" + line * 50_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in open_table(data, "a.csv").rows) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
