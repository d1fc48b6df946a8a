"""The peers: bare tantivy on the same index, SQLite FTS5 and PostgreSQL full text on the same words.

Each answers a question with the first twenty ids and the exact number of all.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
import tantivy
from tantivy import Occur, Query

from benchmarks.search_questions import Question, Row
from lienthu.search import Facet, Filters, SearchRequest, Sort, TantivyEngine, parse
from lienthu.search.compiler import prefix_pattern
from lienthu.search.reading import IndexReader

PAGE = 20
FACETS = (Facet.TYPE, Facet.LANGUAGE, Facet.LIBRARY, Facet.SUBJECT, Facet.DECADE)
Answer = tuple[list[int], int]


class Peer(Protocol):
    """Something that answers questions."""

    name: str

    def answer(self, question: Question) -> Answer: ...

    def cpu(self) -> float:
        """CPU seconds spent on answers so far."""
        ...


class Product:
    """The engine as the product uses it: what is typed goes in, parsing and tiers included."""

    name = "Liên Thư"

    def __init__(self, engine: TantivyEngine) -> None:
        self._engine = engine

    def answer(self, question: Question) -> Answer:
        chosen = Filters(
            libraries=(question.library,) if question.library else (),
            languages=(question.language,) if question.language else (),
        )
        sort = Sort.YEAR_DESC if question.by_year else Sort.RELEVANCE
        facets = FACETS if question.facets else ()
        request = SearchRequest(query=question.typed, filters=chosen, facets=facets, sort=sort, limit=PAGE)
        found = self._engine.search(request)
        return list(found.ids), found.total

    def cpu(self) -> float:
        return time.thread_time()


class BareTantivy:
    """The index's own query parser over the same weighted fields, on folded words; no tiers, no notes, no language.

    What its parser cannot say (prefix, a range of a column) is made of its query objects.
    """

    name = "bare tantivy"
    _weights = {"every": 1.0, "title": 3.0, "author": 2.0, "subject": 1.5}

    def __init__(self, path: Path) -> None:
        view = IndexReader(path).view()
        if view is None:
            raise FileNotFoundError(path)
        self._searcher, self._schema = view.searcher, view.schema
        self._index = tantivy.Index.open(str(path / view.generation))
        words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        raw = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()
        for name, analyzer in (("words", words), ("raw", raw), ("sort_only", raw)):
            self._index.register_tokenizer(name, analyzer)
            self._index.register_fast_field_tokenizer(name, analyzer)

    def answer(self, question: Question) -> Answer:
        query = self._query(question)
        order = {"order_by_field": "year"} if question.by_year else {}
        found: Any = self._searcher.search(query, PAGE, count=True, **order)
        if question.facets:
            self._searcher.aggregate(query, _AGGREGATIONS)
        addresses = [address for _, address in found.hits]
        ids = self._searcher.fast_field_values("id", addresses) if addresses else []
        return [int(number) for number in ids if number is not None], int(found.count)

    def _query(self, question: Question) -> Query:
        if question.isbn:
            return Query.term_query(self._schema, "identifier", "i" + question.isbn)
        if question.author:
            years = (question.year - 2, question.year + 2)
            span = Query.range_query(self._schema, "year", tantivy.FieldType.Integer, *years)
            author = Query.term_query(self._schema, "author", question.author)
            return Query.boolean_query([(Occur.Must, author), (Occur.Must, span)])
        if question.prefix:
            return Query.regex_query(self._schema, "every", prefix_pattern(question.words[0]))
        typed = " ".join(question.words)
        query = self._index.parse_query(
            f'"{typed}"' if question.phrase else typed,
            list(self._weights),
            field_boosts=self._weights,
            conjunction_by_default=True,
        )
        if not question.library:
            return query
        chosen = (("library", question.library), ("language", question.language))
        terms = [Query.const_score_query(Query.term_query(self._schema, *one), 0.0) for one in chosen]
        return Query.boolean_query([(Occur.Must, one) for one in (query, *terms)])

    def cpu(self) -> float:
        return time.thread_time()


_AGGREGATIONS: dict[str, Any] = {
    **{name: {"terms": {"field": name, "size": PAGE}} for name in ("type", "language", "library", "subject_name")},
    "decade": {"histogram": {"field": "year", "interval": 10, "min_doc_count": 1}},
}


class Fts5:
    """SQLite FTS5 in a file, bm25 with the same weights."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path, rows: Iterable[Row]) -> None:
        self._file = folder / "fts5.db"
        self._db = sqlite3.connect(self._file)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -400000;
            CREATE VIRTUAL TABLE words USING fts5(title, author, subject, rest, content='');
            CREATE TABLE book (id INTEGER PRIMARY KEY, year INTEGER, isbn TEXT, type TEXT);
            CREATE TABLE language (id INTEGER, value TEXT);
            CREATE TABLE library (id INTEGER, value TEXT);
            CREATE TABLE subject (id INTEGER, value TEXT);
            CREATE TEMP TABLE found (id INTEGER PRIMARY KEY);
            INSERT INTO words (words, rank) VALUES ('rank', 'bm25(3.0, 2.0, 1.5, 1.0)');
            """
        )
        for row in rows:
            self._db.execute(
                "INSERT INTO words (rowid, title, author, subject, rest) VALUES (?, ?, ?, ?, ?)",
                (row.id, row.title, row.author, row.subject, row.rest),
            )
            self._db.execute("INSERT INTO book VALUES (?, ?, ?, ?)", (row.id, row.year, row.isbn, row.type))
            for table, values in _GROUPS:
                several = [(row.id, value) for value in values(row)]
                self._db.executemany(f"INSERT INTO {table} VALUES (?, ?)", several)
        self._db.executescript(
            """
            INSERT INTO words (words) VALUES ('optimize');
            CREATE INDEX by_isbn ON book (isbn);
            CREATE INDEX by_language ON language (id, value);
            CREATE INDEX by_library ON library (id, value);
            CREATE INDEX by_subject ON subject (id, value);
            ANALYZE;
            """
        )
        self._db.commit()

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return self._file.stat().st_size

    def answer(self, question: Question) -> Answer:
        if question.isbn:
            ids = [row[0] for row in self._db.execute("SELECT id FROM book WHERE isbn = ?", (question.isbn,))]
            return ids, len(ids)
        join, order = "", "rank"
        values: tuple[object, ...] = (self._match(question),)
        if question.author:
            join, order = "JOIN book ON book.id = words.rowid AND book.year BETWEEN ? AND ?", "rank"
            values = (question.year - 2, question.year + 2, *values)
        elif question.by_year:
            join, order = "JOIN book ON book.id = words.rowid", "book.year DESC"
        elif question.library:
            join = (
                "JOIN library ON library.id = words.rowid AND library.value = ? "
                "JOIN language ON language.id = words.rowid AND language.value = ?"
            )
            values = (question.library, question.language, *values)
        if question.facets:
            self._count_facets(values)
        found = f"FROM words {join} WHERE words MATCH ?"
        ids = [row[0] for row in self._db.execute(f"SELECT words.rowid {found} ORDER BY {order} LIMIT {PAGE}", values)]
        return ids, self._db.execute(f"SELECT count(*) {found}", values).fetchone()[0]

    def _count_facets(self, values: tuple[object, ...]) -> None:
        self._db.execute("DELETE FROM found")
        self._db.execute("INSERT INTO found SELECT rowid FROM words WHERE words MATCH ?", values)
        for grouped in (
            "type FROM found JOIN book USING (id)",
            "year / 10 FROM found JOIN book USING (id)",
            *(f"value FROM found JOIN {table} USING (id)" for table, _ in _GROUPS),
        ):
            self._db.execute(f"SELECT count(*), {grouped} GROUP BY 2 ORDER BY 1 DESC LIMIT {PAGE}").fetchall()

    @staticmethod
    def _match(question: Question) -> str:
        if question.author:
            return f'author : "{question.author}"'
        if question.prefix:
            return f'"{question.words[0]}" *'
        return f'"{" ".join(question.words)}"' if question.phrase else " ".join(f'"{word}"' for word in question.words)

    def cpu(self) -> float:
        return time.thread_time()


_GROUPS: tuple[tuple[str, Callable[[Row], tuple[str, ...]]], ...] = (
    ("language", lambda row: row.languages),
    ("library", lambda row: row.libraries),
    ("subject", lambda row: row.subjects),
)


class Postgres:
    """PostgreSQL full text: a weighted tsvector with a GIN index, ts_rank. CPU is that of its server process."""

    name = "PostgreSQL"

    def __init__(self, url: str, rows: Iterable[Row]) -> None:
        self._schema = f"bench_search_{os.getpid()}"
        self._db = psycopg.connect(url, autocommit=True)
        self._run(f"CREATE SCHEMA {self._schema}")
        self._run(f"SET search_path = {self._schema}; SET max_parallel_workers_per_gather = 0; SET jit = off")
        self._run(
            "CREATE TABLE book (id integer PRIMARY KEY, year integer, isbn text, type text, "
            "languages text[], libraries text[], subjects text[], words tsvector)"
        )
        self._run(
            "CREATE TEMP TABLE given (id integer, title text, author text, subject text, rest text, isbn text, "
            "year integer, type text, languages text[], libraries text[], subjects text[])"
        )
        with self._db.cursor() as cursor, cursor.copy("COPY given FROM STDIN") as copy:
            for row in rows:
                groups = (row.type, list(row.languages), list(row.libraries), list(row.subjects))
                copy.write_row((row.id, row.title, row.author, row.subject, row.rest, row.isbn, row.year, *groups))
        self._run(
            """
            INSERT INTO book SELECT id, year, isbn, type, languages, libraries, subjects,
                setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', author), 'B')
                || setweight(to_tsvector('simple', subject), 'C') || setweight(to_tsvector('simple', rest), 'D')
            FROM given;
            DROP TABLE given;
            CREATE INDEX ON book USING gin (words) WITH (fastupdate = off);
            CREATE INDEX ON book (isbn);
            CREATE INDEX ON book USING gin (libraries);
            CREATE INDEX ON book USING gin (languages)
            """
        )
        self._run("VACUUM ANALYZE book")
        self._pid = self._db.execute("SELECT pg_backend_pid()").fetchone()

    def _run(self, statement: str) -> None:
        self._db.execute(statement.encode())

    @property
    def bytes(self) -> int:
        """Size of the table and its indexes."""
        found = self._db.execute("SELECT pg_total_relation_size('book')").fetchone()
        return int(found[0]) if found else 0

    def answer(self, question: Question) -> Answer:
        if question.isbn:
            ids = [row[0] for row in self._db.execute("SELECT id FROM book WHERE isbn = %s", (question.isbn,))]
            return ids, len(ids)
        narrower, order = "", "ts_rank('{0.33,0.5,0.67,1}', words, asked) DESC"
        values: dict[str, object] = {
            "asked": self._asked(question),
            "low": question.year - 2,
            "high": question.year + 2,
        }
        if question.author:
            narrower = "AND year BETWEEN %(low)s AND %(high)s"
        elif question.by_year:
            order = "year DESC NULLS LAST"
        elif question.library:
            narrower = "AND libraries @> ARRAY[%(library)s] AND languages @> ARRAY[%(language)s]"
            values.update(library=question.library, language=question.language)
        if question.facets:
            self._db.execute(_PG_FACETS.encode(), values).fetchall()
        rows = self._db.execute(
            f"SELECT id, count(*) OVER () FROM book, to_tsquery('simple', %(asked)s) AS asked "
            f"WHERE words @@ asked {narrower} ORDER BY {order} LIMIT {PAGE}".encode(),
            values,
        ).fetchall()
        return [row[0] for row in rows], rows[0][1] if rows else 0

    @staticmethod
    def _asked(question: Question) -> str:
        if question.author:
            return f"{question.author}:B"
        if question.prefix:
            return f"{question.words[0]}:*"
        return (" <-> " if question.phrase else " & ").join(question.words)

    def cpu(self) -> float:
        return process_cpu(self._pid[0] if self._pid else 0)

    def close(self) -> None:
        """Leave nothing behind."""
        self._run(f"DROP SCHEMA {self._schema} CASCADE")
        self._db.close()


_PG_GROUPS = ("type", "(year / 10)::text", "unnest(languages)", "unnest(libraries)", "unnest(subjects)")
_PG_FACETS = (
    "WITH found AS MATERIALIZED (SELECT type, year, languages, libraries, subjects FROM book, "
    "to_tsquery('simple', %(asked)s) AS asked WHERE words @@ asked) "
    + " UNION ALL ".join(
        f"(SELECT {group} AS value, count(*) FROM found GROUP BY 1 ORDER BY 2 DESC LIMIT {PAGE})"
        for group in _PG_GROUPS
    )
)


def process_cpu(pid: int) -> float:
    """CPU seconds of another process here, to the microsecond; the clock where that is not told (a remote server)."""
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return time.perf_counter()


def is_plain(question: Question) -> bool:
    """Whether the product reads the question as it was drawn, so that all engines answer the same."""
    return not parse(question.typed).notes
