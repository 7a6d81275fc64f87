"""SQL of the cards' texts: which passages an agreement has, and the lexemes that they give.

Put together from names of tables, columns and dictionaries, never from user input.
"""

# ruff: noqa: S608

from partnerships.choices import ActivityKind
from partnerships.search.scripts import LEANING
from partnerships.search.stemmers import OWN_LANGUAGE, STEMMERS

#: Institutions and those above them, at whatever distance; each stands above itself at distance none.
ABOVE = """
CREATE FUNCTION institutions_above(wanted bigint[]) RETURNS TABLE (below bigint, id bigint)
LANGUAGE sql STABLE ROWS 10 AS $$
    WITH RECURSIVE up(below, id) AS (
        SELECT one, one FROM unnest(wanted) AS one
        UNION
        SELECT up.below, link.target_id
          FROM up JOIN partnerships_institutionlink link ON link.institution_id = up.id AND link.kind = 'parent'
    )
    SELECT up.below, up.id FROM up
$$
"""

SUBJECTS_ABOVE = """
CREATE FUNCTION subjects_above(wanted bigint[]) RETURNS TABLE (below bigint, id bigint)
LANGUAGE sql STABLE ROWS 10 AS $$
    WITH RECURSIVE up(below, id) AS (
        SELECT one, one FROM unnest(wanted) AS one
        UNION
        SELECT up.below, area.parent_id
          FROM up JOIN partnerships_focusarea area ON area.id = up.id WHERE area.parent_id IS NOT NULL
    )
    SELECT up.below, up.id FROM up
$$
"""

# The index holds English, and no translation stands while this is read: the words as the code has them.
_KINDS_IN_WORDS = " ".join(f"WHEN '{kind.value}' THEN '{kind.label._args[0]}'" for kind in ActivityKind)

#: Every text by which an agreement is found. Names of what stands above a party or a subject only
#: where everybody may see it.
PASSAGES = f"""
CREATE FUNCTION card_passages(wanted bigint[])
RETURNS TABLE (agreement_id bigint, weight text, place text, kind text, holder text, value text)
LANGUAGE sql STABLE ROWS 1000 AS $$
    WITH party AS (
        SELECT p.agreement_id, p.reference, i.id, i.name, i.city, i.region, i.country_id
          FROM partnerships_party p JOIN partnerships_institution i ON i.id = p.institution_id
         WHERE p.agreement_id = ANY(wanted)
         ORDER BY p.agreement_id, p.position, p.id
    ), parent AS (
        SELECT DISTINCT party.agreement_id, i.id, i.name
          FROM party
          JOIN institutions_above(ARRAY(SELECT DISTINCT id FROM party)) above
            ON above.below = party.id AND above.id <> party.id
          JOIN partnerships_institution i ON i.id = above.id AND i.visibility = 'public'
         WHERE NOT EXISTS (SELECT 1 FROM partnerships_party same
                            WHERE same.agreement_id = party.agreement_id AND same.institution_id = i.id)
    ), subject AS (
        SELECT DISTINCT use.agreement_id, area.id, area.name
          FROM partnerships_agreementfocusarea use
          JOIN subjects_above(ARRAY(SELECT DISTINCT one.focus_area_id FROM partnerships_agreementfocusarea one
                                     WHERE one.agreement_id = ANY(wanted))) above ON above.below = use.focus_area_id
          JOIN partnerships_focusarea area
            ON area.id = above.id AND (area.visibility = 'public' OR area.id = use.focus_area_id)
         WHERE use.agreement_id = ANY(wanted)
    ), named AS (
        SELECT s.agreement_id, s.person_id FROM partnerships_statement s WHERE s.agreement_id = ANY(wanted)
        UNION
        SELECT p.agreement_id, g.person_id
          FROM partnerships_party p JOIN partnerships_signatory g ON g.party_id = p.id
         WHERE p.agreement_id = ANY(wanted) AND g.person_id IS NOT NULL
    ), agreement AS (
        SELECT * FROM partnerships_agreement WHERE id = ANY(wanted)
    )
    SELECT id, 'A', 'title', '', '', title FROM agreement
    UNION ALL SELECT party.agreement_id, 'A', 'party', 'name', name, name FROM party
    UNION ALL SELECT party.agreement_id, 'A', 'party', n.kind, party.name, n.value
                FROM party JOIN partnerships_institutionname n ON n.institution_id = party.id AND n.value <> party.name
    UNION ALL SELECT parent.agreement_id, 'A', 'parent', 'name', name, name FROM parent
    UNION ALL SELECT parent.agreement_id, 'A', 'parent', n.kind, parent.name, n.value
                FROM parent JOIN partnerships_institutionname n ON n.institution_id = parent.id AND n.value <> parent.name
    UNION ALL SELECT subject.agreement_id, 'B', 'subject', '', '', name FROM subject
    UNION ALL SELECT a.agreement_id, 'B', 'activity', '', '', CASE a.kind {_KINDS_IN_WORDS} ELSE '' END
                FROM partnerships_activity a WHERE a.agreement_id = ANY(wanted)
    UNION ALL SELECT a.agreement_id, 'B', 'activity', '', '', a.description
                FROM partnerships_activity a WHERE a.agreement_id = ANY(wanted)
    UNION ALL SELECT agreement.id, 'B', 'event', '', '', e.name
                FROM agreement JOIN partnerships_event e ON e.id = agreement.event_id
    UNION ALL SELECT named.agreement_id, 'B', 'person', 'name', h.name, h.name
                FROM named JOIN people_person h ON h.id = named.person_id
    UNION ALL SELECT named.agreement_id, 'B', 'person', n.kind, h.name, n.value
                FROM named JOIN people_person h ON h.id = named.person_id
                           JOIN people_personname n ON n.person_id = h.id
    UNION ALL SELECT p.agreement_id, 'B', 'person', 'printed', g.name_as_printed, g.name_as_printed
                FROM partnerships_party p JOIN partnerships_signatory g ON g.party_id = p.id
               WHERE p.agreement_id = ANY(wanted)
    UNION ALL SELECT DISTINCT party.agreement_id, 'B', 'place', '', '', spot.value
                FROM party LEFT JOIN partnerships_country c ON c.code = party.country_id,
                     LATERAL (VALUES (party.city), (party.region), (c.name)) AS spot(value)
    UNION ALL SELECT agreement.id, 'B', 'place', '', '', spot.value
                FROM agreement
                LEFT JOIN partnerships_country c ON c.code = agreement.signed_country_id
                LEFT JOIN partnerships_event e ON e.id = agreement.event_id,
                     LATERAL (VALUES (agreement.signed_place), (c.name), (e.place)) AS spot(value)
    UNION ALL SELECT party.agreement_id, 'B', 'reference', '', party.name, party.reference FROM party
    UNION ALL SELECT id, 'D', 'summary', '', '', summary FROM agreement
    UNION ALL SELECT s.agreement_id, 'D', 'statement', '', h.name, said.value
                FROM partnerships_statement s JOIN people_person h ON h.id = s.person_id,
                     LATERAL (VALUES (s.capacity), (s.summary)) AS said(value)
               WHERE s.agreement_id = ANY(wanted)
    UNION ALL SELECT id, 'D', 'term', '', '', said.value
                FROM agreement, LATERAL (VALUES (term_as_stated), (renewal_note)) AS said(value)
    UNION ALL SELECT id, 'D', 'termination', '', '', termination_reason FROM agreement
$$
"""

_DICTIONARIES = " ".join(
    f"WHEN '{code}' THEN 'pg_catalog.{dictionary}'::regdictionary" for code, dictionary in STEMMERS.items()
)

#: The stem of a word in a language. As an expression: a function called for every word is slow.
_STEM = f"(ts_lexize(CASE language {_DICTIONARIES} END, word))[1]"

#: Languages with a stemmer among the tags of a record, and the registry's own.
STEMMED = f"""
CREATE FUNCTION stemmed_languages(tags text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(DISTINCT code) FROM (
    SELECT '{OWN_LANGUAGE}' AS code
    UNION ALL
    SELECT lower(split_part(tag, '-', 1)) FROM unnest(tags) AS tag
) AS codes WHERE code = ANY('{{{",".join(STEMMERS)}}}'))
"""

#: A lexeme as the text form of a vector writes it.
_LEXEME = "'''' || replace(replace({word}, '\\', '\\\\'), '''', '''''') || ''':' || {place}"
_UNSPACED = r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff]"
#: What one vector can hold has a limit (1 MB); what is longer is found by its beginning.
_LONGEST, _MOST = 50_000, 150_000

#: The word behind an article that leans on it is found with the article and without; until it is cut,
#: a sign that no text has stands between the two.
_LEANING = rf"\m({'|'.join(LEANING)})[''’](?=[[:alpha:]])"
_SEAM = "\ue000"


def lexemes(name: str, longest: int, most: int) -> str:
    """SQL of a function that gives the lexemes of passages: words, their stems, pairs of characters of
    scripts without spaces, and what stands in another script before a Korean particle.

    Args:
        longest, most: so many letters of one passage, and of all together, are looked at.
    """
    return f"""
CREATE FUNCTION {name}(weights text[], texts text[], languages text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH folded AS MATERIALIZED (
        SELECT number, weight, folded_name(
                   CASE WHEN text ~ '[''’]' THEN regexp_replace(left(text, {longest}), '{_LEANING}', '\\1{_SEAM}', 'gi')
                        ELSE left(text, {longest}) END) AS folded
          FROM unnest(weights, texts) WITH ORDINALITY AS given(weight, text, number)
    ), passage AS MATERIALIZED (
        SELECT weight, words, folded ~ '{_UNSPACED}' AS unspaced, strpos(folded, '{_SEAM}') > 0 AS leaning,
               sum(length(folded)) OVER so_far AS letters,
               sum(cardinality(words) + 3) OVER so_far AS behind
          FROM folded, LATERAL (SELECT string_to_array(folded, ' ') AS words OFFSET 0) AS cut
         WHERE folded <> ''
        WINDOW so_far AS (ORDER BY number)
    ), standing AS (
        SELECT word, unspaced, leaning, least(behind - cardinality(words) + place, 16383)::text || weight AS place
          FROM passage, unnest(words) WITH ORDINALITY AS cut(word, place)
         WHERE letters <= {most}
    ), word AS (
        SELECT left(word, 60) AS word, place FROM standing WHERE NOT leaning AND NOT unspaced
        UNION ALL
        SELECT left(unnest(array_remove(ARRAY[replace(word, '{_SEAM}', ''), split_part(word, '{_SEAM}', 2)]
                           || CASE WHEN unspaced THEN regexp_split_to_array(word, '{_UNSPACED}+') END, '')), 60), place
          FROM standing WHERE leaning OR unspaced
    )
    SELECT coalesce(string_agg({_LEXEME.format(word="lexeme", place="place")}, ' '), '')::tsvector FROM (
        SELECT word AS lexeme, place FROM word
        UNION ALL
        SELECT language || '=' || stem, place
          FROM (SELECT word, place, language, {_STEM} AS stem FROM word, unnest(languages) AS language) AS stemmed
         WHERE stem <> word OR language <> '{OWN_LANGUAGE}'
        UNION ALL
        SELECT substr(run, start, 2), place
          FROM standing, regexp_matches(word, '{_UNSPACED}+', 'g') AS found, normalize(found[1], NFC) AS run,
               generate_series(1, length(run) - 1) AS start
         WHERE unspaced AND word ~ '{_UNSPACED}'
    ) AS lexemes
$$
"""


LEXEMES = lexemes("card_lexemes", _LONGEST, _MOST)

FUNCTIONS = [
    (ABOVE, "DROP FUNCTION institutions_above(bigint[])"),
    (SUBJECTS_ABOVE, "DROP FUNCTION subjects_above(bigint[])"),
    (PASSAGES, "DROP FUNCTION card_passages(bigint[])"),
    (STEMMED, "DROP FUNCTION stemmed_languages(text[])"),
    (LEXEMES, "DROP FUNCTION card_lexemes(text[], text[], text[])"),
]
