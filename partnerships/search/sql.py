"""SQL of the index of names: how names are compared, and the triggers that keep the index in step.

Put together from names of tables and columns, never from user input.
"""

# ruff: noqa: S608

from typing import NamedTuple

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


class _Source(NamedTuple):
    """Where names stand: a column of a table, and what it says of a ``{row}``, in SQL.

    Args:
        kind: what carries the names.
        target: the number of the record that carries the name.
        key: the number of the row that holds it.
        several: whether a row holds names in other columns too, each with a trigger of its own.
    """

    table: str
    kind: str
    target: str
    value: str
    name_kind: str = "'name'"
    language: str = "''"
    key: str = "{row}.id"
    several: bool = False

    @property
    def origin(self) -> str:
        return f"{self.table}_{self.value}" if self.several else self.table

    def key_of(self, row: str) -> str:
        return self.key.format(row=row)

    def arguments(self, row: str) -> str:
        """What ``index_name`` is told of a row."""
        target, name_kind, language = (
            part.format(row=row) for part in (self.target, self.name_kind, self.language)
        )
        return (
            f"'{self.kind}', {target}, '{self.origin}', {self.key_of(row)}, {row}.{self.value}, "
            f"{name_kind}, {language}"
        )


_FURTHER = ("{row}.kind", "{row}.language")
_SOURCES = [
    _Source("partnerships_institution", "institution", "{row}.id", "name"),
    _Source("partnerships_institutionname", "institution", "{row}.institution_id", "value", *_FURTHER),
    _Source("people_person", "person", "{row}.id", "name"),
    _Source("people_personname", "person", "{row}.person_id", "value", *_FURTHER),
    _Source("partnerships_focusarea", "focusarea", "{row}.id", "name"),
    _Source("partnerships_event", "event", "{row}.id", "name"),
]


def _number(code: str) -> str:
    """The number of a country: that of its two letters, one byte each."""
    return f"(ascii({code}) * 256 + ascii(right({code}, 1)))"


_COUNTRY = {
    "table": "partnerships_country",
    "kind": "country",
    "target": _number("{row}.code"),
    "key": _number("{row}.code"),
    "several": True,
}
_COUNTRY_SOURCES = [
    _Source(value="name", **_COUNTRY),
    _Source(value="official_name", name_kind="'official'", **_COUNTRY),
    _Source(value="code", name_kind="'code'", **_COUNTRY),
    _Source("partnerships_countryname", "country", _number("{row}.country_id"), "value", *_FURTHER),
]


def _keeping(source: _Source) -> tuple[str, str]:
    """SQL that installs and removes the trigger of one source."""
    new, old = source.arguments("NEW"), source.arguments("OLD")
    trigger = f"index_{source.value}" if source.several else "index_names"
    install = f"""
    CREATE FUNCTION index_{source.origin}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF ROW({new}) IS NOT DISTINCT FROM ROW({old}) THEN RETURN NULL; END IF;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM partnerships_findablename
             WHERE origin = '{source.origin}' AND origin_row = {source.key_of("OLD")};
        END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM index_name({new}); END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {source.table}
       FOR EACH ROW EXECUTE FUNCTION index_{source.origin}();
    """
    remove = f"DROP TRIGGER {trigger} ON {source.table}; DROP FUNCTION index_{source.origin}();"
    return install, remove


def _filling(source: _Source) -> str:
    """SQL that indexes what stands already."""
    return f"SELECT index_name({source.arguments('standing')}) FROM {source.table} AS standing"


FUNCTIONS = [
    (FOLDED, "DROP FUNCTION folded_name(text)"),
    (WORDS, "DROP FUNCTION name_words(text)"),
    (VARIANTS, "DROP FUNCTION word_variants(text)"),
    (INDEX_NAME, "DROP FUNCTION index_name(text, bigint, text, bigint, text, text, text)"),
]
TRIGGERS = [_keeping(source) for source in _SOURCES]
FILL = [_filling(source) for source in _SOURCES]
COUNTRY_TRIGGERS = [_keeping(source) for source in _COUNTRY_SOURCES]
COUNTRY_CLEAR = "DELETE FROM partnerships_findablename WHERE kind = 'country'"
#: Whatever was indexed before, every name stands once.
COUNTRY_FILL = [COUNTRY_CLEAR, *(_filling(source) for source in _COUNTRY_SOURCES)]
