"""Places among 100,000 reports: the list whole, bare and filtered, as a page answers it.

A thousand places of one department, each cited by twenty reports drawn anywhere in it; a fifth of
the reports are restricted, so that each reader is told a state of his own.
"""

from functools import partial

from django.test import Client
from django.urls import reverse

from services.models import Member
from tests.bench import world
from tests.bench.measure import in_turn, limit_row

HERE = "P00"
REPORTS = world.REPORTS // 10
PLACES, CITED = 1_000, 20
MOST_MS = 300

MAKE_PLACES = """
INSERT INTO intel_place (department_id, unit_id, by_id, at, name, kind, on_public_way, is_daily,
  commune_id, address, x, y)
SELECT r.department_id, r.owner_id, r.author_id, now(), 'Hall ' || n, 'lieu', false, false,
  r.commune_id, '', n * 50, n * 37 %% 1000
FROM generate_series(1, %(places)s) n
JOIN intel_report r ON r.id = (SELECT min(id) FROM intel_report) + n * %(reports)s / %(places)s - 1
"""
CITE = """
INSERT INTO intel_placeobservation (place_id, report_id, by_id, at, seen_on, state, hours,
  products, lookouts, stash)
SELECT p.id, r.id, r.author_id, now(), current_date - (r.id %% 700)::int,
  (ARRAY['signale', 'confirme', 'actif', 'sous_pression', ''])[1 + r.id %% 5], 'le soir',
  ARRAY['cocaine'], '', ''
FROM intel_place p CROSS JOIN generate_series(1, %(cited)s) n
JOIN intel_report r ON r.id = (SELECT min(id) FROM intel_report)
  + (p.id * 7919 + n * 104729) %% %(reports)s
"""


def rows(say):
    with world.own_database():
        world.fill(say, {HERE: REPORTS})
        world.run(MAKE_PLACES, places=PLACES, reports=REPORTS)
        world.run(CITE, cited=CITED, reports=REPORTS)
        world.run("VACUUM ANALYZE")
        client = Client()
        client.force_login(Member.objects.earliest("pk"), backend="services.backend.MemberBackend")
        address = reverse("place_list")
        asked = {"bare": "", "of one state": "?etat=actif", "of a product": "?produit=cocaine"}
        acts = {name: partial(_listed, client, address + query) for name, query in asked.items()}
        for name, ms in in_turn(acts, least=3).items():
            label = f"list of places, {name}, {PLACES:,} among {REPORTS:,} reports"
            yield limit_row(label, ms, "ms", MOST_MS)


def _listed(client, address):
    answer = client.get(address)
    if answer.status_code != 200 or b'id="liste-lieux"' not in answer.content:
        raise AssertionError(f"{address}: {answer.status_code}, or nothing listed")
