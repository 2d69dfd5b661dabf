"""Addresses of PostgreSQL databases: spelt for the driver that is installed, tried, and told without a password."""

from sqlalchemy import URL, NullPool, create_engine, exc, make_url

from sf_intacct.errors import SettingsError, TryLater


def reached(url: str, doing: str, variable: str) -> str:
    """The address as SQLAlchemy takes it, after the database has answered.

    Raises SettingsError when `url` is no such address, TryLater when nobody answers or lets us in. Neither
    repeats a password. `variable` is where the address was set.
    """
    address = _address(url, doing, variable)
    try:
        create_engine(address, poolclass=NullPool).connect().close()
    except exc.DBAPIError as error:
        raise TryLater(
            doing,
            record=address.render_as_string(hide_password=True),
            seen=str(error.orig).partition("\n")[0],
            remedy=f"start the database, or correct {variable}",
        ) from None
    return address.render_as_string(hide_password=False)


def _address(url: str, doing: str, variable: str) -> URL:
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        address = None
    if address is None or address.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError(
            doing,
            record=variable,
            seen="it is no address of a PostgreSQL database",
            remedy="write postgresql://user:password@host:port/database, special characters of the password as %40",
        )
    return for_the_driver(address)


def for_the_driver(address: URL) -> URL:
    """The address spelt for psycopg2, which is installed: SQLAlchemy 2.1 reads a bare postgresql:// as psycopg 3."""
    return address.set(drivername="postgresql+psycopg2")
