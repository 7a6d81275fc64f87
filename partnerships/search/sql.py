"""SQL of the index of names: how names are compared, and the triggers that keep the index in step.

Put together from names of tables and columns, never from user input.
"""

# ruff: noqa: S608

#: How a name is compared: without case, accents, vowel points, punctuation; Hangul by its letters.
#: Compatibility forms are made one, Arabic letters that are written one for the other too.
FOLDED = r"""
CREATE FUNCTION folded_name(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(regexp_replace(lower(translate(
    normalize(unaccent('unaccent'::regdictionary, normalize(value, NFKC)), NFKD), 'ىةیک', 'يهيك')),
    '[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640''’‘`ʼ]', '', 'g'),
    '[[:punct:][:space:][:cntrl:]]+', ' ', 'g'))
"""

#: The words of a folded name. Scripts without spaces give their pairs of characters as well, so
#: that a part of a long name is found without knowing where its words end.
WORDS = r"""
CREATE FUNCTION name_words(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT coalesce(array_agg(DISTINCT word), '{}') FROM (
    SELECT left(word, 60) AS word FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> ''
    UNION ALL
    SELECT substr(run, place, 2)
      FROM regexp_matches(folded, '[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff]+', 'g') AS found,
           normalize(found[1], NFC) AS run,
           generate_series(1, length(run) - 1) AS place
) AS words)
"""

#: A word and its spellings that lack one letter; of short words only the word.
VARIANTS = """
CREATE FUNCTION word_variants(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length(word) < 4 OR length(word) > 60 THEN ARRAY[word] ELSE (
    SELECT array_agg(DISTINCT spelling) FROM (
        SELECT word AS spelling
        UNION ALL
        SELECT overlay(word placing '' from place for 1) FROM generate_series(1, length(word)) AS place
    ) AS spellings) END
"""

INDEX_NAME = """
CREATE FUNCTION index_name(kind text, target bigint, origin text, origin_row bigint, value text,
                           name_kind text, language text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    compared text := folded_name(value);
    parts text[] := name_words(compared);
BEGIN
    -- A name of nothing but signs cannot be compared.
    IF parts = '{}' THEN RETURN; END IF;
    INSERT INTO partnerships_findablename
           (kind, target, origin, origin_row, value, name_kind, language, folded, words)
    VALUES (kind, target, origin, origin_row, value, name_kind, language, left(compared, 500), parts);
    -- In one order, or two writers of the same new words would wait for each other.
    INSERT INTO partnerships_findableword (word, variants)
    SELECT part, word_variants(part) FROM unnest(parts) AS part ORDER BY part
        ON CONFLICT DO NOTHING;
END
$$
"""

_FURTHER = ("{row}.kind", "{row}.language")
#: Where names stand: table, kind of what carries them, its column, the name's column, what kind of name.
_SOURCES = [
    ("partnerships_institution", "institution", "id", "name", "'name'", "''"),
    ("partnerships_institutionname", "institution", "institution_id", "value", *_FURTHER),
    ("people_person", "person", "id", "name", "'name'", "''"),
    ("people_personname", "person", "person_id", "value", *_FURTHER),
    ("partnerships_focusarea", "focusarea", "id", "name", "'name'", "''"),
    ("partnerships_event", "event", "id", "name", "'name'", "''"),
]


def _arguments(
    row: str, table: str, kind: str, target: str, value: str, name_kind: str, language: str
) -> str:
    last = f"{name_kind}, {language}".format(row=row)
    return f"'{kind}', {row}.{target}, '{table}', {row}.id, {row}.{value}, {last}"


def _keeping(table: str, *facts: str) -> tuple[str, str]:
    """SQL that installs and removes the trigger of one table."""
    new, old = (_arguments(row, table, *facts) for row in ("NEW", "OLD"))
    install = f"""
    CREATE FUNCTION index_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF ROW({new}) IS NOT DISTINCT FROM ROW({old}) THEN RETURN NULL; END IF;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM partnerships_findablename WHERE origin = '{table}' AND origin_row = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM index_name({new}); END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER index_names AFTER INSERT OR UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION index_{table}();
    """
    remove = f"DROP TRIGGER index_names ON {table}; DROP FUNCTION index_{table}();"
    return install, remove


FUNCTIONS = [
    (FOLDED, "DROP FUNCTION folded_name(text)"),
    (WORDS, "DROP FUNCTION name_words(text)"),
    (VARIANTS, "DROP FUNCTION word_variants(text)"),
    (INDEX_NAME, "DROP FUNCTION index_name(text, bigint, text, bigint, text, text, text)"),
]
TRIGGERS = [_keeping(*source) for source in _SOURCES]
#: Index what stands already.
FILL = [
    f"SELECT index_name({_arguments('standing', *source)}) FROM {source[0]} AS standing"
    for source in _SOURCES
]
