"""An index of format 3 out of one of today: the same rows in the tables of then, to be migrated again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bench.survive.documents import revision_of
from qa.store.older import OlderCatalogue
from qa.store.schema import connect, format_of

FORMAT = 3
TABLES = {
    "manifest": "only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL",
    "sources": "id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,"
    " characters INTEGER NOT NULL, text TEXT NOT NULL, told TEXT NOT NULL",
    "parts": "source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,"
    " newspaper TEXT, published TEXT, page TEXT, jump_to TEXT, jump_from TEXT",
    "articles": "id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,"
    " position INTEGER NOT NULL, date TEXT, facts TEXT NOT NULL, places TEXT NOT NULL,"
    " passages INTEGER NOT NULL",
    "printed": "article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,"
    " source_id TEXT NOT NULL REFERENCES sources(id) DEFERRABLE INITIALLY DEFERRED,"
    " passages INTEGER NOT NULL, PRIMARY KEY (article_id, source_id)",
    "passages": "number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,"
    " text TEXT NOT NULL, origin TEXT NOT NULL, searched TEXT NOT NULL, vector BLOB NOT NULL",
}
"""The columns of then, to the letter; never to be changed."""

WITHOUT_ROWID = ("sources", "articles", "printed")
INDEXES = {
    "parts_of_source": "parts(source_id)",
    "parts_of_day": "parts(published)",
    "articles_of_source": "articles(source_id, position)",
    "printed_in_source": "printed(source_id)",
    "passages_of_article": "passages(article_id)",
}


def make_older(folder: Path) -> None:
    """Take an index back to format 3, in one step; one that is of it stays."""
    with closing(connect(folder, write=True)) as connection:
        if format_of(connection) == FORMAT:
            return
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute("BEGIN IMMEDIATE")
        for name in INDEXES:
            connection.execute(f"DROP INDEX {name}")
        for table, columns in TABLES.items():
            connection.execute(f"ALTER TABLE {table} RENAME TO newer_{table}")
            without = " WITHOUT ROWID" if table in WITHOUT_ROWID else ""
            connection.execute(f"CREATE TABLE {table} ({columns}){without}")
            of_then = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(of_then)} FROM newer_{table}")
        for table in reversed(TABLES):
            connection.execute(f"DROP TABLE newer_{table}")
        for name, columns in INDEXES.items():
            connection.execute(f"CREATE INDEX {name} ON {columns}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")


def format_in(folder: Path) -> int:
    """Return the format of an index."""
    with closing(connect(folder, write=False)) as connection:
        return format_of(connection)


def state_of_older(folder: Path) -> dict[int, int]:
    """Return the documents that an index of format 3 holds.

    :raises AssertionError: When it holds what was never put in.
    """
    with closing(connect(folder, write=False)) as connection:
        catalogue = OlderCatalogue(connection)
        found = [revision_of(catalogue.source(name)) for name in catalogue.digests()]
    assert None not in found, "a source that was never put in"
    return dict(each for each in found if each)
