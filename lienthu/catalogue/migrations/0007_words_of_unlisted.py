from django.db import migrations

# Words without marks, for union records that the index of the search engine does not hold (queries/unlisted.py).
# i and y are one letter, as Vietnamese spelling has it. The index holds nothing of what everybody may see.
FUNCTION = r"""
CREATE FUNCTION catalogue_words(summary jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, translate(lower(regexp_replace(regexp_replace(normalize(
        coalesce(summary ->> 'title', '') || ' ' || coalesce(summary ->> 'subtitle', '') || ' ' ||
        coalesce(summary ->> 'authors', '') || ' ' || coalesce(summary ->> 'author_headings', '') || ' ' ||
        coalesce(summary ->> 'subjects', '') || ' ' || coalesce(summary ->> 'publisher', '') || ' ' ||
        coalesce(summary ->> 'year', '') || ' ' || coalesce(summary ->> 'series', '') || ' ' ||
        coalesce(summary ->> 'isbn', '') || ' ' || coalesce(summary ->> 'issn', ''),
        NFD), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')), 'yđĐ', 'idd'))
$$
"""
INDEX = (
    "CREATE INDEX cluster_unlisted_words ON catalogue_cluster USING gin (catalogue_words(summary))"
    " WHERE visibility <> 'PUBLIC'"
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_items_of_circulation")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION catalogue_words(jsonb)"),
        migrations.RunSQL(INDEX, "DROP INDEX cluster_unlisted_words"),
    ]
