"""Rows into one table, durably, with as little in between as possible: the hot way of a webhook.

The statement and the conversions come from the table, as for every other insert; but one open connection is
kept and its driver is spoken to directly. On SQLite a commit takes a quarter of the time that it takes
through the layers (`benchmarks/ingest.py` shows what that is worth in requests).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.db import Database

log = logging.getLogger(__name__)

Row = Sequence[Any]


class Appender:
    """Appends rows of some columns to a table. One thread at a time; the connection is opened when needed."""

    def __init__(self, database: Database, table: sa.Table, columns: Sequence[str]) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: sa.PoolProxiedConnection | None = None
        dialect = database.dialect
        self._insert = str(sa.insert(table).compile(dialect=dialect, column_keys=list(columns)))
        self._named = not dialect.positional
        self._columns = tuple(columns)
        self._convert = [_converter(table.c[column], dialect) for column in columns]

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows; they are on disk when this returns. Raise the driver's error when they are not."""
        converted: list[Any] = [
            tuple(convert(value) for convert, value in zip(self._convert, row, strict=True)) for row in rows
        ]
        if self._named:
            converted = [dict(zip(self._columns, row, strict=True)) for row in converted]
        with self._lock, self._database.in_line():
            connection = self._begun(converted)
            try:
                connection.commit()
            except BaseException:
                # Whether it was kept is not known. Nothing is tried again: twice would be worse than a doubt.
                self._drop()
                raise

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._drop()

    def _begun(self, rows: list[Any]) -> sa.PoolProxiedConnection:
        """Write rows, not yet committed. Try twice: a broken connection shows only when it is used."""
        try:
            return self._written(rows)
        except Exception:  # whatever it was, nothing is written yet
            log.exception("rows not written; trying another connection")
            self._drop()
        try:
            return self._written(rows)
        except BaseException:
            self._drop()
            raise

    def _written(self, rows: list[Any]) -> sa.PoolProxiedConnection:
        connection = self._connection or self._database.durable_connection()
        self._connection = connection
        cursor = connection.cursor()
        try:
            if self._database.is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")  # the driver begins nothing by itself, as `db` wants it
            cursor.executemany(self._insert, rows)
        finally:
            cursor.close()
        return connection

    def _drop(self) -> None:
        """Let go of a connection, whatever state it is in; the next write opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()


def _converter(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any]:
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
