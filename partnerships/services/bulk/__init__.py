"""One act or one edit over many records: looked at before, done exactly so, and told afterwards.

``acts`` and ``changes`` say what may be done to a record, ``doing`` does it, ``preview`` says what
it would do, ``running`` carries a ``BulkRun`` out, ``undoing`` takes an edit back.
"""
