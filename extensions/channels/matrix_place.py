"""Up to where the assistant has read on its homeserver, over restarts."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.database import open_recording_engine
from assistant.settings import Settings
from extensions.channels.messaging.safe import Safe

_metadata = sa.MetaData()
# `account` is a keyed hash, `token` is encrypted: it says when who wrote last.
_places = sa.Table(
    "matrix_place",
    _metadata,
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("token", sa.LargeBinary, nullable=False),
)


class Place:
    """The token of the last sync whose messages are all noted.

    Every method blocks, and raises `sqlalchemy.exc.SQLAlchemyError` when the database
    cannot be reached.
    """

    def __init__(self, settings: Settings) -> None:
        """Takes where it is kept and whose it is; opens nothing yet."""
        self._engine = open_recording_engine(settings.messages_url)
        self._safe = Safe(settings, "matrix")
        account = f"{settings.matrix_homeserver}\0{settings.matrix_user}"
        self._account = self._safe.name("account", account)

    def read(self) -> str | None:
        """The token; None at the first start, or where none of the keys opens it."""
        _metadata.create_all(self._engine)
        query = sa.select(_places.c.token).where(_places.c.account == self._account)
        with self._engine.begin() as connection:
            sealed = connection.execute(query).scalar()
        token: str | None = None if sealed is None else self._safe.open(sealed)
        return token

    def write(self, token: str) -> None:
        """Keeps the token."""
        values = {"token": self._safe.seal(token)}
        is_its = _places.c.account == self._account
        with self._engine.begin() as connection:
            if not connection.execute(_places.update().where(is_its).values(values)).rowcount:
                connection.execute(_places.insert().values(account=self._account, **values))

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()
