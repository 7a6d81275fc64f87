"""SQL of the words inside of documents: their lexemes, which stand behind those of the agreement's card.

A document so answers words of which one stands in it and another in the record, and phrases of
either. What the two give together is written by whoever changed one of them.
"""

# ruff: noqa: S608

from .texts import lexemes

#: So many letters of a text are looked at.
LONGEST = 1_000_000
#: So many bytes of lexemes are kept of one: a vector holds 1 MB, and the card's must have room beside.
ROOM = 600_000

LEXEMES = lexemes("document_lexemes", LONGEST, LONGEST)

#: Words of a card that leaves no room go without the document's neighbours: nothing is refused for that.
BESIDE = """
CREATE FUNCTION document_words(card tsvector, own tsvector) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce(card, '') || own;
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN own;
END
$$
"""


def _following(event: str) -> tuple[str, str]:
    """SQL of the trigger by which texts of documents follow the card of their agreement."""
    name = f"documents_follow_card_{event.lower()}"
    update = event == "UPDATE"
    before = "JOIN old_rows before ON before.agreement_id = card.agreement_id" if update else ""
    install = f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE partnerships_documenttext standing SET words = document_words(card.words, standing.own)
          FROM new_rows card {before}
          JOIN partnerships_document document ON document.agreement_id = card.agreement_id
         WHERE standing.document_id = document.id AND standing.state = 'done'
           {"AND before.words IS DISTINCT FROM card.words" if update else ""};
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER documents_follow_{event.lower()} AFTER {event} ON partnerships_indexcard
    REFERENCING {"OLD TABLE AS old_rows " if update else ""}NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """
    remove = (
        f"DROP TRIGGER documents_follow_{event.lower()} ON partnerships_indexcard; DROP FUNCTION {name}();"
    )
    return install, remove


#: Documents that stood before their texts were read wait for it.
FILL = """
    INSERT INTO partnerships_documenttext (document_id, state, text, message, sha256, tries, own, words)
    SELECT id, 'waiting', '', '', sha256, 0, '', '' FROM partnerships_document
        ON CONFLICT DO NOTHING
"""
#: Vectors and texts out of line, as they are long: rows that are looked at for their state stay short.
STORAGE = (
    """
    ALTER TABLE partnerships_documenttext ALTER COLUMN words SET STORAGE EXTERNAL;
    ALTER TABLE partnerships_documenttext ALTER COLUMN own SET STORAGE EXTERNAL;
    """,
    "SELECT 1",
)
#: What the texts' words should be, where they are not.
_ASTRAY = """
      FROM partnerships_document document, partnerships_indexcard card
     WHERE document.agreement_id = card.agreement_id AND standing.document_id = document.id
       AND standing.words IS DISTINCT FROM
           CASE WHEN standing.state = 'done' THEN document_words(card.words, standing.own) ELSE '' END
"""
ASTRAY = f"SELECT count(*) FROM partnerships_documenttext standing WHERE EXISTS (SELECT 1 {_ASTRAY})"
#: Brings the words behind their cards again, after cards were written while nobody watched.
FOLLOW = f"""
    UPDATE partnerships_documenttext standing
       SET words = CASE WHEN standing.state = 'done' THEN document_words(card.words, standing.own) ELSE '' END
    {_ASTRAY}
"""
FUNCTIONS = [
    (LEXEMES, "DROP FUNCTION document_lexemes(text[], text[], text[])"),
    (BESIDE, "DROP FUNCTION document_words(tsvector, tsvector)"),
]
TRIGGERS = [_following("INSERT"), _following("UPDATE")]
