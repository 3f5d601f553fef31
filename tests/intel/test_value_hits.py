"""A pasted list of values: what is found, how many, what leaves, and what is never told."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.reading.hits import MOST
from tests import factories

VALUES = "/renseignements/valeurs/"
PHONE = ("phone", "06 39 98 12 34", "+33639981234")
PLATE = ("plate", "AB-123-CD", "AB123CD")
LIST = """
- ab 123 cd
06.39.98.12.34 ; 06 39 98 99 99
Momo
DURAND Léo
snap : petit_loup88
+33 6 39 98 12 34
"""


def table(client, text):
    answer = client.post(VALUES, {"text": text})
    assert answer.status_code == 200, answer.content[:300]
    return answer.context["table"]


def told(client, text):
    return {
        (hit.written, hit.kind): (hit.times, [reference for _, reference in hit.reports])
        for hit in table(client, text).hits
    }


@pytest.fixture
def known(cast, vosges):
    made = [
        factories.report(
            by,
            vosges["Épinal"],
            identifiers=identifiers,
            received_at=timezone.now() - timedelta(days=days),
        )
        for days, (by, identifiers) in enumerate(
            [
                (cast.diane, [PLATE, PHONE]),
                (cast.louise, [PLATE, ("alias", "Momo", "momo")]),
                (cast.bruno, [("name", "Léo Durand 12/03/1999", "durand leo|1999-03-12")]),
            ]
        )
    ]
    return [each.reference for each in made]


def test_each_value_is_read_found_and_counted(cast, enter, known):
    found = told(enter(cast.diane), LIST)
    assert found == {
        ("AB-123-CD", "plate"): (2, known[:2]),
        ("06 39 98 12 34", "phone"): (1, known[:1]),
        ("06 39 98 99 99", "phone"): (0, []),
        ("Momo", "alias"): (1, [known[1]]),
        ("DURAND Léo", "name"): (1, [known[2]]),
        ("petit_loup88", "account"): (0, []),
    }
    shown = table(enter(cast.diane), "DURAND Léo")
    assert [hit.is_possible for hit in shown.hits] == [True]
    # Of two births that are both said, nothing is possible.
    assert told(enter(cast.diane), "Durand Léo 13/03/1999")["Durand Léo 13/03/1999", "name"] == (
        0,
        [],
    )


def test_one_query_for_the_whole_list(cast, enter, known):
    client = enter(cast.diane)

    def queries(text):
        with CaptureQueriesContext(connection) as captured:
            table(client, text)
        return [each for each in captured if 'FROM "intel_identifier"' in each["sql"]], captured

    few, all_few = queries("AB-123-CD")
    many, all_many = queries("\n".join(f"06 39 98 {n:02} {n:02}" for n in range(90)) + LIST)
    assert len(few) == len(many) == 1
    assert len(all_few) == len(all_many) <= 15


def test_the_page_leads_to_the_check_for_what_is_unknown(cast, enter, known):
    client = enter(cast.diane)
    text = "\n".join(f"06 39 98 00 {n:02}" for n in range(45))
    shown = table(client, f"AB-123-CD\n{text}")
    assert [(first, last, len(lot.splitlines())) for first, last, lot in shown.lots] == [
        (1, 20, 20),
        (21, 40, 20),
        (41, 45, 5),
    ]
    rows = client.post(reverse("check_targets"), {"text": shown.lots[0][2]})
    assert rows.status_code == 200
    assert b"Confirmer les identifiants" in rows.content
    # Whoever does not check is not led there.
    assert "déconfliction" not in enter(cast.gilles).post(VALUES, {"text": text}).content.decode()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Collez au moins une valeur"),
        ("  \n -\n", "Rien n’y a été reconnu|Collez au moins une valeur"),
        (
            "\n".join(f"06 39 9{n // 1000} {n // 100 % 10}0 {n % 100:02}" for n in range(201)),
            "plus de 200",
        ),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(cast, enter, text, sentence):
    answer = enter(cast.diane).post(VALUES, {"text": text})
    assert answer.status_code == 422
    assert any(part in answer.content.decode() for part in sentence.split("|"))


def test_two_hundred_are_taken(cast, enter):
    text = "\n".join(f"06 39 98 {n // 100:02} {n % 100:02}" for n in range(MOST))
    assert len(table(enter(cast.diane), text).hits) == MOST


# --- Who ----------------------------------------------------------------------------------------


def test_a_hidden_report_is_no_hit(cast, vosges, enter, known):
    client = enter(cast.diane)
    asked = LIST + "\n06 39 98 77 77\nFantôme"
    before, cost = told(client, asked), queries_of(client, asked)
    hidden = factories.report(
        cast.louise,
        vosges["Épinal"],
        units=[cast.bruno.unit],
        identifiers=[
            PLATE,
            ("phone", "06 39 98 77 77", "+33639987777"),
            ("alias", "Fantôme", "fantome"),
            ("name", "Durand Léo", "durand leo"),
        ],
    )
    assert (told(client, asked), queries_of(client, asked)) == (before, cost)
    assert told(enter(cast.bruno), "Fantôme")["Fantôme", "alias"] == (1, [hidden.reference])


def queries_of(client, text):
    with CaptureQueriesContext(connection) as captured:
        table(client, text)
    return len(captured)


@pytest.mark.parametrize(
    ("who", "status", "times"),
    [
        ("diane", 200, 2),
        ("anna", 200, 2),
        ("gilles", 200, 2),
        ("rose", 200, 0),  # a guest who was invited to nothing
        ("claire", 403, None),
        ("ines", 403, None),
        ("tom", 403, None),
        ("fanny", 403, None),
        ("paul", 200, 0),
    ],
)
def test_who_looks_for_a_list(cast, enter, known, who, status, times):
    answer = enter(cast[who]).post(VALUES, {"text": "AB-123-CD"})
    assert answer.status_code == status
    if status == 200:
        assert [hit.times for hit in answer.context["table"].hits] == [times]


def test_the_journal_has_kinds_and_numbers_never_values(cast, enter, known):
    client = enter(cast.diane)
    table(client, LIST)
    exported(client, LIST, "csv")
    lines = list(Entry.objects.filter(member_id=cast.diane.pk, verb__startswith="values."))
    assert {line.verb for line in lines} == {"values.searched", "values.exported"}
    said = " ".join(f"{line.target} {line.why} {line.recipients}" for line in lines)
    assert "6\u00a0valeurs : Immatriculation, Téléphone" in said
    assert not any(word in said.lower() for word in ("123", "39 98", "momo", "durand", "loup"))


# --- As a file ----------------------------------------------------------------------------------


def exported(client, text, kind):
    answer = client.post(reverse("export_hits"), {"text": text, "format": kind})
    assert answer.status_code == 200, answer
    return b"".join(answer)


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_keeps_to_the_handling_codes(cast, vosges, enter, known):
    held = factories.report(cast.louise, vosges["Épinal"], identifiers=[PLATE], handling="H2")
    client = enter(cast.diane)
    assert told(client, "AB-123-CD")["AB-123-CD", "plate"][0] == 3
    header, line = read_csv(exported(client, "AB-123-CD", "csv"))
    assert header[:5] == ["Valeur", "Lue comme", "Type", "Fiches", "Références"]
    assert line[2:5] == ["Immatriculation", "2", ", ".join(known[:2])]
    assert held.reference not in " ".join(line)
    # Its own unit takes it out.
    assert held.reference in read_csv(exported(enter(cast.louise), "AB-123-CD", "csv"))[1][4]
    assert exported(client, LIST, "xlsx")[:2] == b"PK"


def test_a_file_of_nobody_else(cast, enter, known):
    for who in ("gilles", "rose", "claire", "tom"):
        answer = enter(cast[who]).post(reverse("export_hits"), {"text": LIST, "format": "csv"})
        assert answer.status_code == 403, who
    _, line = read_csv(exported(enter(cast.paul), "AB-123-CD", "csv"))
    assert line[3:5] == ["0", ""]
    assert access.listed_reports(cast.paul).count() == 0


def test_a_format_of_our_own_making_is_refused(cast, enter, known):
    answer = enter(cast.diane).post(reverse("export_hits"), {"text": LIST, "format": "exe"})
    assert answer.status_code == 302
