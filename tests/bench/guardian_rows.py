"""The same questions by guardian's own shortcut, with every row it needs to give the same answer.

One row for each unit and each report that it reads: in guardian's generic table, then in a table
with a foreign key. They are in a schema of their own, which the connection looks in first while
guardian is asked: this product's grants stay as they are. In the order of the units and without a
dead row: tables in use do worse. What the shortcut does not pay here is the end of an invitation,
which it does not know.
"""

# ruff: noqa: S608 - SQL of this module's own constants

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from guardian.shortcuts import get_objects_for_user

from intel.models import Report, ReportGroupGrant, ReportMemberGrant
from tests.bench import world
from tests.bench.measure import Row, in_turn

BECAUSE = "a benchmark compares with guardian's own queryset"
TABLES = {"direct": "intel_reportgroupgrant", "generic": "guardian_groupobjectpermission"}
COLUMNS = {
    "direct": ("content_object_id", "r.id"),
    "generic": ("content_type_id, object_pk", "%(type)s, r.id::text"),
}
READS = """
FROM services_unit u JOIN intel_report r ON r.department_id = u.department_id
WHERE u.department_id = %(department)s AND (r.state <> 'brouillon' OR r.owner_id = u.id)
  AND (r.audience = 0 OR EXISTS (SELECT FROM public.intel_reportgroupgrant g
    WHERE g.content_object_id = r.id AND g.group_id = u.group_id))"""


def rows(reader, label):
    """With the rows of all the units: what a department of 200,000 reports would hold."""
    with guardian_tables(reader, READS) as held:
        for kind, count in held.items():
            reports = reader.counted().model.objects.filter(department=reader.department.pk)
            each = count / reports.unguarded(because=BECAUSE).count()
            yield Row(f"guardian, {kind}: grant rows a report, {label}", each, "rows")
        ours, floors = reader.questions(), reader.floors()
        theirs = {kind: by_guardian(reader, kind) for kind in TABLES}
        for questions in theirs.values():
            reader.check(questions)
        for name in ours:
            acts = {"floor": floors[name], "ours": ours[name]}
            took = in_turn(acts | {kind: asked[name] for kind, asked in theirs.items()}, most=15)
            for who in ("ours", *TABLES):
                told = "  this product" if who == "ours" else f"  guardian, {who}"
                if who == "ours":
                    told = f"{name}, {label}: this product"
                yield Row(told, took[who], "ms", took["floor"], took[who] / took["floor"])


def at_most_one_unit(reader, label):
    """The list page with the rows of one unit alone: the 39 others would be 32 millions."""
    only_its_own = f"{READS} AND u.id = %(unit)s"
    with guardian_tables(reader, only_its_own):
        acts = {kind: by_guardian(reader, kind) for kind in TABLES}
        for questions in acts.values():
            reader.check({"list page": questions["list page"]})
        page = reader.questions()["list page"]
        asked = {kind: questions["list page"] for kind, questions in acts.items()}
        took = in_turn({"ours": page} | asked, most=15)
    for kind in TABLES:
        ratio = took["ours"] / took[kind]
        yield Row(
            f"list page against guardian, {kind}, rows of one unit alone, {label}",
            took["ours"], "ms", took[kind], ratio, "≤ 0.01 × guardian", ratio <= 0.01,
        )  # fmt: skip


@contextmanager
def guardian_tables(reader, reads):
    """Both tables filled, in the schema `guardian`: {kind: rows}."""
    world.run("CREATE SCHEMA guardian")
    try:
        yield {kind: fill(reader, kind, reads) for kind in TABLES}
    finally:
        world.run("DROP SCHEMA guardian CASCADE")


def fill(reader, kind, reads):
    table = TABLES[kind]
    columns, values = COLUMNS[kind]
    world.run(
        f"CREATE TABLE guardian.{table} "
        f"(LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY)"
    )
    parameters = reader.parameters | {"type": ContentType.objects.get_for_model(Report).pk}
    world.run(
        f"INSERT INTO guardian.{table} (permission_id, group_id, {columns}) "
        f"SELECT %(permission)s, u.group_id, {values} {reads} ORDER BY u.group_id, r.id",
        **parameters,
    )
    for (definition,) in world.run(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s", table
    ):
        world.run(definition.replace(" ON public.", " ON guardian."))
    world.run(f"VACUUM ANALYZE guardian.{table}")
    [(count,)] = world.run(f"SELECT count(*) FROM guardian.{table}")
    return count


def by_guardian(reader, kind):
    """The questions of the reader, on what the shortcut gives with rows of this kind."""

    def readable():
        found = get_objects_for_user(reader.member, "intel.read_report", Report)
        return found.filter(department=reader.department.pk).unguarded(because=BECAUSE)

    def asked_there(question):
        def ask():
            with looking_in(kind):
                return question()

        return ask

    questions = reader.questions(paged=readable, counted=readable)
    return {name: asked_there(question) for name, question in questions.items()}


@contextmanager
def looking_in(kind):
    """guardian takes its generic table for a model whose own tables are not `enabled`."""
    world.run("SET search_path TO guardian, public")
    for model in (ReportGroupGrant, ReportMemberGrant):
        model.enabled = kind == "direct"
    try:
        yield
    finally:
        for model in (ReportGroupGrant, ReportMemberGrant):
            del model.enabled
        world.run("SET search_path TO DEFAULT")
