"""How far reading a file may go."""

#: Letters of text that are kept, and pages of a PDF that are read.
MAX_LETTERS = 2_000_000
MAX_PAGES = 3_000
#: What an archive (DOCX, ODT) may hold when it is unpacked, and in how many files.
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 10_000
#: What the reading process may use.
CPU_SECONDS = 30
WALL_SECONDS = 60
MEMORY = 1024 * 1024 * 1024
