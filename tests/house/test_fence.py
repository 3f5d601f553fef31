"""The second fence: what PostgreSQL itself keeps from a page that forgot to ask who reads.

Every request of the suite goes under the role of the web process (tests/conftest.py); here rows
are read on purpose without any access module.
"""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import ProgrammingError, connection, connections, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path

from cross import checks, fence, gate, urls
from cross.embedded import binaries, postgres
from intel.actions import (
    annexes,
    attachments,
    corrections,
    discarded,
    drafts,
    handovers,
    raw_texts,
    unit_work,
)
from intel.models import (
    Annex,
    Attachment,
    Correction,
    DiscardedReport,
    Draft,
    DraftFile,
    RawText,
    Task,
    WorkingNote,
)
from intel.models.sql import FENCED
from tests import factories
from tests.browser import session_of
from tests.web_role import web_role

KINDS = {
    "words of a source": RawText,
    "annex": Annex,
    "file of a source": Attachment,
    "what is being typed": Draft,
    "its file": DraftFile,
    "note of a unit": WorkingNote,
    "task of a unit": Task,
    "correction": Correction,
    "draft thrown away": DiscardedReport,
}
# Who finds the row when nothing but the fence looks: its unit, the unit named, the author.
FOUND = {
    "words of a source": {"diane", "karim"},
    "annex": {"diane", "karim", "louise", "fanny"},
    "file of a source": {"diane", "karim"},
    "what is being typed": {"diane"},
    "its file": {"diane"},
    "note of a unit": {"diane", "karim"},
    "task of a unit": {"diane", "karim"},
    "correction": {"diane", "karim", "bruno", "hugo", "lea"},
    "draft thrown away": {"diane", "karim"},
}


def everything(kind):
    """No filter at all: the mistake that the fence is for."""
    return list(KINDS[kind].objects.all().unguarded(because="a page that forgot who reads"))


def file():
    return SimpleUploadedFile("source.txt", b"ce que dit la source")


@pytest.fixture
def sourced(cast, vosges):
    """Diane's, from a human source, with one row of each kind behind the fence."""
    report = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
    raw_texts.keep(report, by=cast.diane, original=raw_texts.Original("Dit tout bas.", True))
    annexes.add(report, by=cast.diane, title="A", text="À part.", units=[cast.louise.unit])
    attachments.attach(report, by=cast.diane, upload=file())
    drafts.keep(by=cast.diane, key="nouveau-0123456789ab", fields={"raw_text": ["Tout bas."]})
    drafts.keep_file(by=cast.diane, key="nouveau-0123456789ab", upload=file())
    unit_work.note(report, by=cast.diane, text="Ce que nous en pensons.")
    unit_work.give(report, by=cast.diane, what="La rappeler", to=None)
    corrections.propose(report, by=cast.bruno, field="place", value="Hall B", why="Vu")
    discarded.discard(factories.report(cast.diane, vosges["Épinal"], draft=True), by=cast.diane)
    return report


# --- Who finds what -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_who_finds_a_row_that_nobody_filtered(cast, sourced, kind):
    found = set()
    with web_role():
        for who, member in cast.items():
            with fence.reading_as(member):
                found |= {who} if everything(kind) else set()
    assert found == FOUND[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_finds_nothing(cast, sourced, kind):
    with web_role():
        assert everything(kind) == []
    with web_role(), fence.reading_as(cast.diane):
        assert everything(kind)
    with web_role():
        assert everything(kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_policy_that_hides_it(cast, sourced, kind):
    """Without its policy each row above is found: those tests can fail."""
    with connection.cursor() as cursor:
        table = KINDS[kind]._meta.db_table
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    with web_role(), fence.reading_as(cast.paul):
        assert everything(kind)


def test_a_file_of_nobody_in_particular_is_found_by_every_unit(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    attachments.attach(report, by=cast.diane, upload=file())
    with web_role():
        assert everything("file of a source") == []
        with fence.reading_as(cast.louise):
            assert everything("file of a source")


def test_what_a_source_said_stays_behind_when_the_report_goes(cast, sourced, enter):
    handovers.accept(
        handovers.propose(sourced, by=cast.diane, target=cast.louise.unit, why="Secteur"),
        by=cast.louise,
    )
    with web_role(), fence.reading_as(cast.louise):
        assert everything("words of a source") == everything("file of a source") == []
    html = enter(cast.louise).get(sourced.get_absolute_url()).content.decode()
    assert "tout bas" not in html
    assert "Version partagée, rédigée le" in html
    assert "Dit tout bas." in enter(cast.karim).get(sourced.get_absolute_url()).content.decode()


# --- Who writes what ----------------------------------------------------------------------------


def refused(act):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        act()


def test_a_row_is_written_for_ones_own_unit_alone(cast, sourced):
    text, annex, kept = (everything(kind)[0] for kind in list(KINDS)[:3])
    with web_role(), fence.reading_as(cast.louise):
        refused(lambda: annexes.add(sourced, by=cast.diane, title="B", text="B", units=[]))
        kept.pk = None
        refused(kept.save)
        refused(lambda: drafts.keep(by=cast.diane, key="nouveau-0123456789ab", fields={}))
        # She reads the annex that names her unit, and changes nothing of it.
        assert everything("annex") == [annex]
        assert Annex.objects.filter(pk=annex.pk).update(text="Autre") == 0
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM intel_annex")
            assert cursor.rowcount == 0
        assert RawText.objects.filter(pk=text.pk).update(text="") == 0
    with web_role(), fence.reading_as(cast.diane):
        assert everything("annex")[0].text == "À part."
        assert RawText.objects.filter(pk=text.pk).update(text="") == 1
        # And gives nothing of it away to another unit.
        unit = cast.louise.unit
        refused(lambda: RawText.objects.filter(pk=text.pk).update(unit=unit))


def test_a_report_is_thrown_away_with_all_that_hangs_on_it(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], origin="human_source", draft=True)
    raw_texts.keep(report, by=cast.diane, original=raw_texts.Original("Dit tout bas.", True))
    annexes.add(report, by=cast.diane, title="A", text="À part.", units=[])
    attachments.attach(report, by=cast.diane, upload=file())
    enter(cast.diane).post(f"{report.get_absolute_url()}effacer/")
    assert not any(everything(kind) for kind in KINDS if kind != "draft thrown away")


# --- The role -----------------------------------------------------------------------------------

FORBIDDEN = [
    "ALTER TABLE intel_rawtext DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE intel_rawtext NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY own ON intel_rawtext",
    "CREATE POLICY all_of_it ON intel_rawtext USING (true)",
    "DROP TABLE intel_rawtext CASCADE",
    "TRUNCATE intel_rawtext",
    "CREATE VIEW round AS SELECT * FROM intel_rawtext",
    "UPDATE intel_sharedtext SET changed_at = now()",
    "UPDATE audit_entry SET who = ''",
    "DELETE FROM audit_entry",
    "DELETE FROM django_migrations",
    "ALTER ROLE cross_web SUPERUSER",
    "ALTER ROLE cross_web BYPASSRLS",
    "CREATE ROLE other",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_role_undoes_nothing(db, statement):
    with web_role(), connection.cursor() as cursor, transaction.atomic():
        with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
            cursor.execute(statement)
        transaction.set_rollback(True)


def test_row_security_cannot_be_switched_off_by_whoever_it_binds(cast, sourced):
    with web_role(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(ProgrammingError, match="would be affected by row-level security"):
            everything("words of a source")
        transaction.set_rollback(True)


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def test_the_role_is_nothing_else_and_no_way_leads_round(db):
    """Not even one that nobody wrote for that: views of their owner, functions of their owner."""
    assert not asked(
        "SELECT rolname FROM pg_roles WHERE rolname = 'cross_web' AND NOT (rolcanlogin AND NOT "
        "(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication))"
    )
    assert not asked(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'cross_web'::regrole"
    )
    assert not asked("SELECT relname FROM pg_class WHERE relowner = 'cross_web'::regrole")
    assert asked("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == {
        "intel_sharedtext"
    }
    assert not asked(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    fenced = asked("SELECT relname FROM pg_class WHERE relrowsecurity")
    assert fenced == set(FENCED) == set(fence.tables())


def test_the_owner_is_refused_as_a_web_process(db, settings, monkeypatch):
    def said():
        return checks.the_web_process_owns_no_table(None, databases=["default"])

    assert said() == []  # no pool: a command, a worker
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "pool", {})
    [fault] = said()
    assert fault.id == "cross.E002"
    assert "intel_rawtext" in fault.msg
    with web_role():
        assert said() == []


# --- What it costs ------------------------------------------------------------------------------

BY_THEIR_INDEX = {
    "words of a source": "report_id = 5",
    "annex": "report_id = 5",
    "file of a source": "report_id = 5",
    "what is being typed": "key = 'nouveau'",
    "its file": "key = 'nouveau'",
    "note of a unit": "report_id = 5",
    "task of a unit": "report_id = 5",
    "correction": "report_id = 5",
    "draft thrown away": "key = '0b5e3c1e-6c5c-4a55-8f3a-1d2d3c4b5a69'",
}


@pytest.mark.parametrize(("kind", "where"), BY_THEIR_INDEX.items())
def test_rows_are_still_found_by_their_index(cast, kind, where):
    """The planner may use it under the policy: a comparison of keys betrays nothing."""
    table = KINDS[kind]._meta.db_table
    with web_role(), fence.reading_as(cast.diane), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT * FROM {table} WHERE {where}")  # noqa: S608
        plan = "\n".join(line for (line,) in cursor.fetchall())
    first = next(line for line in plan.splitlines() if f" on {table}" in line)
    assert "Index" in first, plan
    assert "Index Cond" in plan, plan


def test_who_reads_is_told_in_the_statement_and_only_when_it_matters(cast, sourced):
    with fence.reading_as(cast.diane), CaptureQueriesContext(connection) as queries:
        everything("annex")
        assert sourced.identifiers.unguarded(because="test").count() == 0
    behind, before = (query["sql"] for query in queries)
    assert behind.startswith(f"SELECT set_config('cross.unit', '{cast.diane.unit_id}', true)")
    assert "set_config" not in before


def test_a_cursor_with_a_name_is_refused(cast, sourced):
    """It would be handed what set_config answers instead of rows."""
    with fence.reading_as(cast.diane), pytest.raises(RuntimeError, match="named cursor"):
        next(Annex.objects.all().unguarded(because="test").iterator())


# --- A pool of one connection -------------------------------------------------------------------


def found():
    return str(len(everything("words of a source")))


@gate.members
def whole_page(request):
    return HttpResponse(found())


@gate.members
def broken_page(request):
    found()
    raise ZeroDivisionError


@gate.members
def broken_in_a_transaction(request):
    with transaction.atomic():
        found()
        raise ZeroDivisionError


@gate.members
def broken_by_the_database(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0 FROM intel_rawtext")
    raise AssertionError


@gate.members
def streamed_page(request):
    """Read behind the door, written after it is closed."""
    return StreamingHttpResponse(iter([found() for _ in range(3)]))


@gate.members
def lazy_page(request):
    """Read while it is written, once the door is closed."""
    return StreamingHttpResponse(found() for _ in range(3))


@gate.members
def named_page(request):
    return HttpResponse(", ".join(asked("SELECT current_user")))


@gate.public(because="a door without a member, for this test")
def open_page(request):
    return HttpResponse(found())


urlpatterns = [
    *urls.urlpatterns,
    path("whole/", whole_page),
    path("broken/", broken_page),
    path("transaction/", broken_in_a_transaction),
    path("database/", broken_by_the_database),
    path("streamed/", streamed_page),
    path("lazy/", lazy_page),
    path("open/", open_page),
    path("named/", named_page),
]


def test_every_request_of_the_suite_goes_under_the_role(cast, enter, settings):
    settings.ROOT_URLCONF = __name__
    assert asked("SELECT current_user") != {fence.ROLE}
    assert enter(cast.diane).get("/named/").content.decode() == fence.ROLE
    assert asked("SELECT current_user") != {fence.ROLE}


@pytest.fixture
def pooled(transactional_db, monkeypatch, settings):
    """`ask(address, member)`: (status, text) by the whole application, in a thread of its own.

    On a pool of one connection, which signs in as the role of the web process.
    """
    given = connections.settings["default"]
    options = given["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
    ours = given | {"USER": fence.ROLE, "OPTIONS": options}
    monkeypatch.setitem(connections.settings, "default", ours)
    settings.ROOT_URLCONF = __name__
    application = get_wsgi_application()

    def answer_to(environ, answers):
        said = []
        body = application(environ, lambda status, headers: said.append(int(status[:3])))
        text = b"".join(body).decode()
        body.close()  # the connection goes back to the pool
        answers.append((said[0], text if said[0] == 200 else ""))

    def ask(address, member=None):
        request = RequestFactory().get(address)
        if member:
            name = settings.SESSION_COOKIE_NAME
            request.environ["HTTP_COOKIE"] = f"{name}={session_of(member)}"
        answers = []
        thread = threading.Thread(target=answer_to, args=(request.environ, answers))
        thread.start()
        thread.join(20)
        return answers[0]

    yield ask
    connections.create_connection("default").close_pool()


BREAKS = ("/broken/", "/transaction/", "/database/")


def test_a_connection_of_the_pool_keeps_nothing_of_who_used_it(pooled, cast, sourced):
    for before in ("/whole/", "/streamed/", "/lazy/", *BREAKS):
        status, _ = pooled(before, cast.diane)
        assert status == (500 if before in BREAKS else 200)
        assert pooled("/open/") == (200, "0"), before
        pooled(before, cast.diane)
        assert pooled("/whole/", cast.louise) == (200, "0"), before
        assert pooled("/whole/", cast.diane) == (200, "1")


def test_what_is_streamed_after_the_door_is_read_for_nobody(pooled, cast, sourced):
    assert pooled("/streamed/", cast.diane) == (200, "111")
    assert pooled("/lazy/", cast.diane) == (200, "000")


def test_the_pool_is_of_the_role_that_owns_nothing(pooled, cast, sourced):
    line = connections.create_connection("default")
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT session_user, current_user, count(*) FROM intel_rawtext")
            assert cursor.fetchone() == (fence.ROLE, fence.ROLE, 0)
            with pytest.raises(ProgrammingError, match="permission denied to set role"):
                cursor.execute("SET ROLE cross")
    finally:
        line.close()


# --- Outside the web process --------------------------------------------------------------------


def test_the_launcher_knows_the_role_by_its_name():
    assert postgres.WEB_USER == fence.ROLE


def url_of(database, role=None):
    """The address of a database of the test's own server, for a role or for its owner."""
    url = re.sub(r"///[^?]*", f"///{database}", os.environ["DATABASE_URL"], count=1)
    return re.sub(r"user=\w+", f"user={role}", url) if role else url


def program(name, *arguments, **options):
    path = binaries.installed().postgres / name
    return subprocess.run([path, *arguments], capture_output=True, check=False, **options)


def test_a_dump_is_whole_or_refused(transactional_db, cast, sourced):
    """Never a silent part: a copy that lacks what nobody was named for is no copy."""
    name = connection.settings_dict["NAME"]
    table = ["--data-only", "--table", "intel_rawtext"]
    sealed = RawText.objects.of(sourced).get().__dict__["text"].blob.hex().encode()
    assert sealed in program("pg_dump", *table, url_of(name)).stdout
    refused = program("pg_dump", *table, url_of(name, fence.ROLE))
    assert refused.returncode
    assert sealed not in refused.stdout


def test_a_dump_restored_without_its_grants_is_fenced_once_migrated(transactional_db, sourced):
    name = connection.settings_dict["NAME"]
    copy = f"{name}_restored"
    whole = program("pg_dump", "--format", "custom", url_of(name))
    assert not whole.returncode, whole.stderr
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {copy}")
    try:
        done = program("pg_restore", "--no-acl", "--dbname", url_of(copy), input=whole.stdout)
        assert not done.returncode, done.stderr
        denied = pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied")
        with psycopg.connect(url_of(copy, fence.ROLE)) as line, denied:
            line.execute("SELECT FROM intel_rawtext")
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input"],
            env=os.environ | {"DATABASE_URL": url_of(copy)},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            check=True,
        )
        with psycopg.connect(url_of(copy, fence.ROLE)) as line:
            assert line.execute("SELECT count(*) FROM intel_rawtext").fetchone() == (0,)
        with psycopg.connect(url_of(copy)) as line:
            assert line.execute("SELECT count(*) FROM intel_rawtext").fetchone() == (1,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")
