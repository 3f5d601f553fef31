"""A country of reports, drawn by a seed and written by COPY, in a database that goes away with it.

40 units a department; a fifth of the reports named to 1–6 units, the others open; one in a hundred
still a draft; texts of 35 words, whose frequencies fall as they do in a language (a word of rank r
comes up as 1 / (r + 20)); received in the order in which they were written, but for a few days; a
tenth of them about a fact that another one told before. Five in six have a date of facts, up to a
fortnight before; all are entered within three days.

500 communes a department, one in two below 500 inhabitants, that touch six others, in 20
intercommunalities and 3 arrondissements; a third of the reports name the twenty largest.
"""

import itertools
import os
import random
import secrets
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import override_settings

from protocols.models import Participation, Protocol
from services.models import Department, Service, Unit

REPORTS = int(os.environ.get("CROSS_BENCH_REPORTS", "1000000"))
UNITS, COMMUNES = 40, 500
BIG, FIFTH, TENTH, FIFTIETH = "B00", "B05", "B10", "B50"
HUNDRED = tuple(f"C{number:02}" for number in range(100))
FREQUENT = """
individu véhicule parking hall immeuble guetteur sacoche scooter transaction client soir nuit
vendredi samedi cannabis résine herbe cocaïne héroïne sachet pochon livraison messagerie pseudo
téléphone garage cave logement gardien rue place gare école lycée collège autoroute aire contrôle
interpellation fuite plaque immatriculée allemande belge espagnole rencontre régulière quartier
tour entrée escalier boîte lettres nourrice stockage cache culture plantation odeur lampe
électricité pavillon voisin riverain témoin appel signalement commerce snack épicerie bar argent
liquide blanchiment enquête surveillance filature fournisseur approvisionnement région frontière
convoi rapide berline utilitaire camion colis relais poste enveloppe réseau équipe adolescent
majeur casquette blouson trottinette tram bus arrêt
""".split()  # noqa: SIM905
# Invented words for the long tail, where real texts have the names of streets and of people.
SYLLABLES = "bal cor dou fen gri hul jar lom mer nov pol ruz sal tib vur zan".split()  # noqa: SIM905
WORDS = FREQUENT + ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=3)]
WEIGHTS = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(WORDS))))

STATES = ("recu", "trie", "cote", "oriente", "exploite", "sans_suite", "retour_fait", "archive")
ORIGINS = ("service", "citizen", "letter", "call", "partner")
PRODUCTS = (["cannabis"], ["cocaine"], ["heroine"], ["cannabis", "cocaine"], ["crack"], [])
MODES = (["dealing_point"], ["delivery"], ["growing"], ["dealing_point", "storage"], [])


@contextmanager
def own_database():
    """An empty, migrated database of this benchmark alone, on the server of DATABASE_URL.

    Files are kept beside it, and go away with it.
    """
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{secrets.token_hex(4)}"
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
            yield name
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def run(sql, *params, **named):
    with connection.cursor() as cursor:
        cursor.execute(sql, named or params)
        return cursor.fetchall() if cursor.description else []


def fill(say, sizes, *, days=1500, until=None):
    """Departments with their units, members and protocol; `sizes` has {code: number of reports}.

    The reports were received during the `days` before the instant `until`, now if not said.
    """
    say(f"making {sum(sizes.values()):,} reports…")
    _people(sizes)
    indexes = _without_indexes()
    # The rows are made whole below: checking each reference would take longer than writing them.
    run("SET session_replication_role = replica")
    for code, count in sizes.items():
        _reports(code, count, days, until or datetime.now(UTC))
    run("SET session_replication_role = origin")
    for table in ("intel_fact", "intel_report"):
        run(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608
    say("  indexes and statistics…")
    for definition in indexes:
        run(definition)
    run("VACUUM ANALYZE")


def _people(codes):
    run(
        """
        INSERT INTO services_department (code, name, name_with_article, of_name, in_name, srid,
          seat_code, geography_year, population_year)
        SELECT code, 'Département ' || code, 'x', 'x', 'x', 2154, '', 2026, 2023
        FROM unnest(%s::text[]) code
        """,
        list(codes),
    )
    run(
        """
        INSERT INTO services_commune (code, name, bare_name, of_name, other_names, kind,
          department_id, postal_codes, former_codes, derived_zone, override_reason, population)
        SELECT to_char(row_number() OVER (), 'FM00000'), 'Commune ' || n, 'Commune ' || n, 'de',
          '', 'COM', d.id, '', '', 'gendarmerie', '', 40000 / power(n, 0.8)
        FROM services_department d, generate_series(1, %s) n
        """,
        COMMUNES,
    )
    _ground()
    run(
        """
        INSERT INTO services_service (name, short_name, kind, contact)
        VALUES ('S', 'S', 'autre', '')
        """
    )
    run(
        """
        INSERT INTO auth_group (name)
        SELECT d.code || ' unit ' || n FROM services_department d, generate_series(1, %s) n
        """,
        UNITS,
    )
    run(
        """
        INSERT INTO services_unit (service_id, department_id, name, short_name, group_id, is_cell,
          phone)
        SELECT (SELECT id FROM services_service), d.id, g.name, g.name, g.id, false, ''
        FROM auth_group g JOIN services_department d ON d.code = split_part(g.name, ' ', 1)
        ORDER BY g.id
        """
    )
    run(
        """
        INSERT INTO services_member (password, is_superuser, username, first_name, last_name,
          email, phone, unit_id, role, authorised_by, authorised_from, authorised_until,
          is_active, shortcuts, outside_identity, password_is_provisional)
        SELECT '!', false, 'm' || u.id, 'M', 'M', '', '', u.id, 'liaison', 'x',
          current_date - 10, current_date + 300, true, true, '', false FROM services_unit u
        """
    )
    run(
        """
        INSERT INTO services_member_groups (member_id, group_id)
        SELECT m.id, u.group_id FROM services_member m JOIN services_unit u ON u.id = m.unit_id
        """
    )
    signed = date(2020, 9, 24)
    lead = Service.objects.get()
    reads = Permission.objects.get(codename="read_reports").pk
    protocols = Protocol.objects.bulk_create(
        Protocol(department=each, title="P", legal_basis="x", signed_on=signed, starts_on=signed,
                 lead_service=lead)
        for each in Department.objects.order_by("pk")
    )  # fmt: skip
    of_department = {protocol.department_id: protocol for protocol in protocols}
    Participation.objects.bulk_create(
        Participation(group_id=unit.group_id, permission_id=reads, starts_on=signed,
                      content_object=of_department[unit.department_id])
        for unit in Unit.objects.order_by("pk")
    )  # fmt: skip


# Communes as a map would have them: in rows of 25, large ones anywhere, each touching six others.
GROUND = """
CREATE TEMPORARY TABLE ground AS
  SELECT id, department_id, mod(263 * rank, 500) AS place FROM (
    SELECT id, department_id, row_number() OVER (PARTITION BY department_id ORDER BY id) AS rank
    FROM services_commune
  ) ranked;
INSERT INTO services_neighbourlink (first_id, second_id)
  SELECT least(a.id, b.id), greatest(a.id, b.id)
  FROM ground a JOIN ground b ON a.department_id = b.department_id
    AND (b.place = a.place + 25
      OR b.place IN (a.place + 1, a.place + 26) AND mod(a.place, 25) < 24);
INSERT INTO services_arrondissement (code, name, department_id, seat_code)
  SELECT code || n, 'Arrondissement ' || n, id, ''
  FROM services_department, generate_series(0, 2) n;
INSERT INTO services_epci (siren, name, kind)
  SELECT code || n, 'Communauté ' || n, 'CC' FROM services_department, generate_series(0, 19) n;
UPDATE services_commune c
SET epci_id = e.id, arrondissement_id = a.id
FROM ground g, services_department d, services_epci e, services_arrondissement a
WHERE g.id = c.id AND d.id = c.department_id AND e.siren = d.code || g.place / 25
  AND a.code = d.code || g.place / 175;
DROP TABLE ground
"""


def _ground():
    for statement in GROUND.split(";"):
        run(statement)


def _without_indexes():
    """Drop what slows a bulk load, and give back the statements that make it again."""
    found = run(
        """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE tablename IN ('intel_report', 'intel_reportgroupgrant')
          AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """
    )
    for name, _ in found:
        run(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


COPY_FACTS = "COPY intel_fact (id, department_id, created_at) FROM STDIN"
COPY_REPORTS = """
COPY intel_report (id, reference, department_id, audience, state, version, owner_id, author_id,
  origin, source_code, subject, facts, comment, commune_id, place, occurred_on, days_and_hours,
  received_at, created_at, products, modes, vehicles, persons, source_grade, information_grade,
  handling, handling_note, fact_id) FROM STDIN"""
COPY_GRANTS = "COPY intel_reportgroupgrant (content_object_id, permission_id, group_id) FROM STDIN"


def _reports(code, count, days, until):
    """`count` reports of a department, their facts, and the grants of those restricted."""
    draw = random.Random(code)
    [(department,)] = run("SELECT id FROM services_department WHERE code = %s", code)
    units = run(
        """
        SELECT u.id, m.id, u.group_id
        FROM services_unit u JOIN services_member m ON m.unit_id = u.id
        WHERE u.department_id = %s ORDER BY u.id
        """,
        department,
    )
    communes = [
        pk for (pk,) in run("SELECT id FROM services_commune WHERE department_id = %s", department)
    ]
    [(permission,)] = run("SELECT id FROM auth_permission WHERE codename = 'read_report'")
    [(last,)] = run("SELECT coalesce(max(id), 0) FROM intel_report")
    now = datetime.now(UTC)
    given = Counter()
    named = []  # (report, rank of its owner), for those restricted
    with connection.cursor() as cursor:
        with cursor.copy(COPY_FACTS) as copy:
            for pk in range(last + 1, last + count + 1):
                copy.write_row((pk, department, now))
        with cursor.copy(COPY_REPORTS) as copy:
            for number in range(1, count + 1):
                rank = draw.randrange(UNITS)
                restricted = draw.random() < 0.2
                if restricted:
                    named.append((last + number, rank))
                state = "brouillon" if draw.random() < 0.01 else draw.choice(STATES)
                days_ago = days * (1 - number / count) + 5 * draw.random()
                received = until - timedelta(days=days_ago)
                entered = min(received + timedelta(days=3 * draw.random()), now)
                seen = received.date() - timedelta(days=int(15 * draw.random() ** 2))
                told_before = number > 50 and draw.random() < 0.1
                fact = last + number - (draw.randint(1, 50) if told_before else 0)
                owner, author, _ = units[rank]
                given[received.year] += 1
                reference = f"CROSS-{code}-{received.year}-{_number(given[received.year])}"
                copy.write_row((
                    last + number, reference, department, int(restricted), state, 1, owner,
                    author, draw.choice(ORIGINS), "", "",
                    " ".join(draw.choices(WORDS, cum_weights=WEIGHTS, k=35)), "",
                    communes[int(COMMUNES * draw.random() ** 3)], "",
                    seen if draw.random() < 5 / 6 else None, "", received, entered,
                    draw.choice(PRODUCTS), draw.choice(MODES), "", "", draw.choice("ABBCCCDEF"),
                    draw.choice("1223334456"), "H0", "", fact,
                ))  # fmt: skip
        with cursor.copy(COPY_GRANTS) as copy:
            for report, rank in named:
                for other in recipients(draw, rank):
                    copy.write_row((report, permission, units[other][2]))


def _number(rank):
    """Of the report of that rank in its year: half of the five digits, then half of the six."""
    shorter = 45_000
    return 10_000 + 2 * rank if rank < shorter else 100_000 + 2 * (rank - shorter)


def recipients(draw, rank):
    """The owner and up to five others: half of the lists are habitual (neighbours), half drawn."""
    others = draw.randrange(6)
    if draw.random() < 0.5:
        return {(rank + step) % UNITS for step in range(others + 1)}
    return {rank, *draw.sample(range(UNITS), others)}
