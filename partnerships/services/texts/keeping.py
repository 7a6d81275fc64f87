"""Reading the text of one document and keeping it, so that a search finds words inside.

May be cut off anywhere and done any number of times: until the text is written it waits, and what is
written is the same each time.
"""

import hashlib
import logging
import re
import tempfile

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from partnerships.choices import TextState
from partnerships.models import Document, DocumentText
from partnerships.querysets.document_texts import forget_texts
from partnerships.search.cards.documents import LONGEST, ROOM
from people.transactions import one_transaction

from .found import BROKEN, EMPTY, TOO_LARGE, Found
from .process import read_apart

logger = logging.getLogger("entente.documents")

#: A text whose reading was begun so often and never ended is given up.
MOST_TRIES = 3
#: How long PostgreSQL may take to find the words of one text, in milliseconds.
_LEXING_MS = 60_000

_ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/rtf": ".rtf",
    "text/plain": ".txt",
}
_NO_TEXT = "Files of this kind carry no text that can be read: its words cannot be searched."
_OLD_WORD = (
    "The words of old Word files cannot be searched. Save it as DOCX or PDF, and choose that as its new file."
)
_GIVEN_UP = "Reading this file was cut off several times. Its words cannot be searched."
_MISSING = "The file is missing in the store: its words cannot be searched."
_ANOTHER = "The file in the store is not the one that was taken in: its digest differs."
_TOO_MANY_WORDS = "This text holds too many words: they cannot be searched."


def read_text(*, document_id: int, most_tries: int = MOST_TRIES) -> TextState | None:
    """Read the text of a document's file, if it waits for that, and keep it.

    Returns:
        What became of it; None where nothing waited, or the store did not answer.
    """
    document = _begun(document_id)
    if document is None:
        return None
    given_up = document.contents.tries > most_tries
    found = Found(BROKEN, message=_GIVEN_UP) if given_up else _found(document)
    if found is None:
        return None
    own, found = _lexemes(document, found)
    return _keep(document=document, found=found, own=own)


def _begun(document_id: int) -> Document | None:
    """Note that reading begins, before anything can go wrong with it."""
    waiting = DocumentText.objects.filter(document=document_id, state=TextState.WAITING)
    if not waiting.update(tries=F("tries") + 1):
        return None
    documents = Document.objects.select_related("contents", "agreement")
    return documents.filter(pk=document_id).first()


def _found(document: Document) -> Found | None:
    ending = _ENDINGS.get(document.media_type)
    if ending is None:
        old_word = document.media_type == "application/msword"
        return Found(EMPTY, message=_OLD_WORD if old_word else _NO_TEXT)
    try:
        with tempfile.NamedTemporaryFile(suffix=ending) as copy:
            if _copied(document, copy) != document.sha256:
                logger.error("the file of document %s is not the one that was taken in", document.uid)
                return Found(BROKEN, message=_ANOTHER)
            return read_apart(copy.name, ending)
    except FileNotFoundError:
        logger.error("the file of document %s is missing in the store", document.uid)
        return Found(BROKEN, message=_MISSING)
    # Whatever the store raises while it cannot be reached: that is no fault of the file.
    except Exception:
        logger.exception("the store gives no file of document %s", document.uid)
        DocumentText.objects.filter(document=document, tries__gt=0).update(tries=F("tries") - 1)
        return None


def _copied(document: Document, copy) -> str:
    """Copy the file to the disk; return its digest."""
    digest = hashlib.sha256()
    with document.file.open("rb") as stored:
        while chunk := stored.read(64 * 1024):
            digest.update(chunk)
            copy.write(chunk)
    copy.flush()
    return digest.hexdigest()


def _lexemes(document: Document, found: Found) -> tuple[str, Found]:
    """The lexemes of the text that was found, of as much of it as there is room for."""
    tags = [tag for tag in (document.language, *document.agreement.languages) if tag]
    # What has no space for pages is no word; PostgreSQL would look at it letter by letter.
    text = re.sub(r"(\S{500})(?=\S)", r"\1 ", found.text[:LONGEST])
    while text:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_LEXING_MS}")
                cursor.execute(_LEXEMES, [text, tags])
                own, size = cursor.fetchone()
            if size <= ROOM:
                return own, found
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != _TOO_LONG:
                return "", Found(TOO_LARGE, message=_TOO_MANY_WORDS)
        text = text[: len(text) // 2]
        found = found._replace(message=f"This text is long: its first {len(text):,} letters can be searched.")
    return "", found


_TOO_LONG = "54000"
_LEXEMES = """
    SELECT own::text, pg_column_size(own)
      FROM document_lexemes(ARRAY['D'], ARRAY[%s], coalesce(stemmed_languages(%s::text[]), '{}')) AS own
"""


@one_transaction
def _keep(*, document: Document, found: Found, own: str) -> TextState | None:
    """Write what was found, unless the document holds another file by now.

    The agreement is locked before its card and the text, as by whoever writes cards.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [document.agreement_id])
        cursor.execute(_LOCK_CARD, [document.agreement_id])
        cursor.execute(
            _KEEP,
            {
                "document": document.pk,
                "agreement": document.agreement_id,
                "sha256": document.sha256,
                "state": found.state,
                "text": found.text,
                "message": found.message,
                "own": own,
                "now": timezone.now(),
            },
        )
        kept = cursor.rowcount
    forget_texts()
    return TextState(found.state) if kept else None


_LOCK = "SELECT 1 FROM partnerships_agreement WHERE id = %s FOR NO KEY UPDATE"
_LOCK_CARD = "SELECT 1 FROM partnerships_indexcard WHERE agreement_id = %s FOR SHARE"
_KEEP = """
    UPDATE partnerships_documenttext
       SET state = %(state)s, text = %(text)s, message = %(message)s, read_at = %(now)s,
           own = %(own)s::tsvector,
           words = CASE WHEN %(state)s = 'done' THEN document_words(
               (SELECT words FROM partnerships_indexcard WHERE agreement_id = %(agreement)s),
               %(own)s::tsvector) ELSE '' END
     WHERE document_id = %(document)s AND state = 'waiting' AND sha256 = %(sha256)s
"""
