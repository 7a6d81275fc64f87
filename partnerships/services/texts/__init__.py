"""Reading the text of documents: ``reading`` is the program that touches the file, in a process of its own
with narrow limits; ``keeping`` writes what it found; ``waiting`` does what is still to be done."""
