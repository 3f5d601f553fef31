"""The two servers together: those that the environment does not name are started here."""

import os
from contextlib import ExitStack, contextmanager

from cross.embedded.binaries import programs_for
from cross.embedded.folders import make_private, server_account, servers_folder, short_lived
from cross.embedded.postgres import WEB_USER, Postgres
from cross.embedded.valkey import Valkey


@contextmanager
def servers(home, *, environment=os.environ):
    """Start what DATABASE_URL and BROKER_URL leave to us, with its data in `home`.

    Yields the running servers (zero to two) and the two addresses as a dictionary.
    """
    if {"DATABASE_URL", "BROKER_URL"} <= environment.keys():
        yield [], given(environment)
        return
    data, account = servers_folder(home)
    with (
        short_lived(account) as folder,
        started(data, folder, account, environment, durable=True) as answer,
    ):
        yield answer


@contextmanager
def throw_away_servers(*, environment=os.environ):
    """The same for the tests: nothing durable, nothing left."""
    if {"DATABASE_URL", "BROKER_URL"} <= environment.keys():
        yield [], given(environment)
        return
    account = server_account()
    with ExitStack() as folders:
        data = folders.enter_context(short_lived(account, sockets=False)) / "data"
        make_private(data, account)
        folder = folders.enter_context(short_lived(account))
        with started(data, folder, account, environment, durable=False) as answer:
            yield answer


@contextmanager
def started(data, folder, account, environment, *, durable):
    sockets = folder / "sockets"
    make_private(sockets, account)
    programs = programs_for(account)
    options = {"account": account, "durable": durable}
    postgres = Postgres(programs.postgres, data / "postgresql", sockets, **options)
    valkey = Valkey(programs.valkey, data / "valkey", sockets, **options)
    wanted = {"DATABASE_URL": postgres, "BROKER_URL": valkey}
    running, addresses = [], given(environment)
    try:
        for name, server in wanted.items():
            if name not in addresses:
                running.append(server)
                server.start()
                addresses[name] = server.url
        if postgres in running:
            addresses["WEB_DATABASE_URL"] = postgres.url_of(WEB_USER)
        yield running, addresses
    finally:
        for server in reversed(running):
            server.stop()


def given(environment):
    names = ("DATABASE_URL", "WEB_DATABASE_URL", "BROKER_URL")
    return {name: environment[name] for name in names if name in environment}
