"""Units that should speak before they meet: what each is told, and what nobody else is."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import announcing, operations, outcomes, places, sharing, silent_mode, targets
from intel.actions.operations import Plan
from intel.actions.targets import Wanted
from intel.extraction.names import may_be_one
from intel.forms.notices import NoticeFilterForm
from intel.models import (
    Audience,
    CheckedTarget,
    DeconflictionCheck,
    DeconflictionHit,
    Notification,
    PlannedEvent,
    Report,
    Restriction,
    SilentMode,
)
from intel.models.choices import IdentifierKind
from intel.reading import deconfliction as board
from intel.reading import operations as events
from intel.reading.notices import listing_of
from intel.reading.targets import answers_of, read_targets
from intel.states import State
from services.models import Commune, Unit
from services.territory.points import metres_of
from tests import factories

PLATE = ("plate", "AB-123-CD", "AB123CD")
HEAD = "03 53 01 00 77"


def hits():
    return DeconflictionHit.objects.unguarded(because="test")


def look(by, *wanted):
    return targets.check([Wanted.read(kind, raw) for kind, raw in wanted], by=by)


def pointers(made, member):
    """(unit, is it only possible) for each target of the answer."""
    return [
        [(each.contact.unit, each.is_possible) for each in answer.pointers]
        for answer in answers_of(made, member)
    ]


@pytest.fixture
def held(cast, vosges):
    """A plate that Diane's unit keeps to itself."""
    return factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=[PLATE])


# --- Targets: who is told what ----------------------------------------------------------------


def test_a_restricted_plate_is_answered_by_a_unit_and_whom_to_call(cast, held, enter):
    Unit.objects.filter(pk=cast.diane.unit_id).update(phone=HEAD)
    made = look(cast.louise, ("plate", "ab 123 cd"))
    assert pointers(made, cast.louise) == [[("Brigade des douanes", False)]]
    page = enter(cast.louise).get(made.get_absolute_url()).content.decode()
    assert "Rapprochement" in page
    assert HEAD in page
    assert "à l’unité que vous appelez" in page
    for hidden in (held.reference, held.facts, "Épinal", "diane"):
        assert hidden not in page
    assert "L’absence de rapprochement ne prouve rien" in page


def test_the_owner_is_told_who_asks_and_of_which_report(cast, held, enter):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    client = enter(cast.karim)
    page = client.get(reverse("deconfliction")).content.decode()
    assert held.reference in page
    assert "Commissariat" in page
    assert "Louise Essai" in page
    assert made.number not in page
    assert menu_count(client) == 1
    assert menu_count(enter(cast.louise)) == 1
    assert menu_count(enter(cast.bruno)) == 0


def menu_count(client):
    [entry] = [
        each
        for each in client.get(reverse("deconfliction")).context["menu"]
        if each.name == "deconfliction"
    ]
    return entry.count


def test_what_one_reads_already_is_a_link_and_no_hit(cast, vosges, enter):
    opened = factories.report(cast.diane, vosges["Épinal"], identifiers=[PLATE])
    [answer] = answers_of(made := look(cast.louise, ("plate", "AB-123-CD")), cast.louise)
    assert [link.report for link in answer.links] == [opened]
    assert not answer.pointers
    page = enter(cast.louise).get(made.get_absolute_url()).content.decode()
    assert opened.reference in page
    assert "Aucun autre rapprochement" in page  # the one that is read is one
    assert "à l’unité que vous appelez" not in page  # nobody to call
    assert not hits().exists()
    assert answers_of(made, cast.karim) == []
    assert not access.told_hits(cast.karim).exists()


def test_several_reports_of_a_unit_are_one_hit(cast, vosges, held):
    factories.report(cast.karim, vosges["Golbey"], units=[], identifiers=[PLATE])
    assert pointers(look(cast.louise, ("plate", "AB-123-CD")), cast.louise) == [
        [("Brigade des douanes", False)]
    ]
    assert hits().count() == 1


def test_asked_again_a_target_waits_once(cast, held, enter):
    first, second = (look(cast.louise, ("plate", "AB-123-CD")) for _ in range(2))
    assert menu_count(enter(cast.louise)) == 1
    assert menu_count(enter(cast.karim)) == 1
    assert pointers(first, cast.louise) == pointers(second, cast.louise) != [[]]
    silence(held, cast.diane)
    look(cast.louise, ("plate", "AB-123-CD"))
    assert menu_count(enter(cast.louise)) == 1  # as if nothing had been found


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED, State.OUT_OF_SCOPE])
def test_what_is_in_nobody_s_hands_answers_nothing(cast, held, state):
    Report.objects.filter(pk=held.pk).update(state=state)
    assert pointers(look(cast.louise, ("plate", "AB-123-CD")), cast.louise) == [[]]


def test_a_report_of_another_department_answers_nothing(cast, meurthe):
    theirs = factories.report(cast.paul, meurthe["Nancy"], identifiers=[PLATE])
    Report.objects.filter(pk=theirs.pk).update(audience=Audience.RESTRICTED)
    assert pointers(look(cast.louise, ("plate", "AB-123-CD")), cast.louise) == [[]]


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("durand leo|1999-03-12", "durant leo|1999-03-12", True),
        ("benali mohamed|1990-01-02", "ali ben mohammed|1990-01-02", True),
        ("durand leo|1999-03-12", "durand leo", True),
        ("durand leo", "durand leo|1999-03-12", True),
        ("durand leo|1999-03-12", "durand leo|1999-03-12", False),  # the same, not alike
        ("durand leo|1999-03-12", "durant leo|1998-03-12", False),
        ("durand leo|1999-03-12", "martin leo|1999-03-12", False),
        ("durand leo", "durant leo", False),
        ("li wu|1999-03-12", "lo wa|1999-03-12", False),
    ],
)
def test_names_that_may_be_one(name, other, alike):
    assert may_be_one(name, other) is alike


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Durand Léo 12/03/1999", [("Brigade des douanes", False)]),
        ("Léo DURANT né le 12/03/1999", [("Brigade des douanes", True)]),
        ("Durand Léo", [("Brigade des douanes", True)]),
        ("Durand Léo 12/03/1998", []),
        ("Martin Léo 12/03/1999", []),
    ],
)
def test_a_name_that_is_only_alike_is_possible(cast, vosges, asked, told):
    name = ("name", "Durand Léo 12/03/1999", "durand leo|1999-03-12")
    factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=[name])
    assert pointers(look(cast.louise, ("name", asked)), cast.louise) == [told]


# --- Silence ----------------------------------------------------------------------------------


def silence(report, by, days=30):
    until = timezone.localdate() + timedelta(days=days)
    silent_mode.keep(report, by=by, reason="Opération en cours", review_on=until)


def said(client, text, *, kind):
    """What a member sees of a check, step by step, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(
            reverse("check_targets"), {"raw_1": text, "kind_1": kind}, follow=True
        )
    page = answer.content.decode()
    page = re.sub(r"DEC-88-\d{4}-\d{6}", "NUMERO", page)
    page = re.sub(r"<time.*?</time>", "QUAND", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    page = re.sub(r'nonce="[^"]+"', "", page)
    return page, [re.sub(r"\d+", "n", query["sql"].split(" ")[0]) for query in queries]


def test_silence_is_the_very_answer_of_nothing(cast, vosges, held, enter):
    client = enter(cast.louise)
    said(client, "ZZ-999-ZZ", kind="plate")  # the session is warm
    silence(held, cast.diane)
    silent = said(client, "AB-123-CD", kind="plate")
    held.delete()
    absent = said(client, "AB-123-CD", kind="plate")
    assert "Aucun rapprochement" in silent[0]
    assert silent[0] == absent[0]
    assert silent[1] == absent[1]


def test_of_a_silence_the_owner_alone_is_told(cast, held, enter):
    silence(held, cast.diane)
    look(cast.louise, ("plate", "AB-123-CD"))
    assert access.told_hits(cast.karim).count() == 1
    assert access.told_hits(cast.louise).count() == 0
    page = enter(cast.karim).get(reverse("deconfliction")).content.decode()
    assert "L’autre unité n’est pas avertie" in page
    assert "Commissariat" in page


def test_passing_the_day_of_a_silence_widens_nothing_and_calls_the_owner(cast, held, enter):
    silence(held, cast.diane)
    yesterday = timezone.localdate() - timedelta(days=1)
    SilentMode.objects.filter(report=held).update(review_on=yesterday)
    assert pointers(look(cast.louise, ("plate", "AB-123-CD")), cast.louise) == [[]]
    client = enter(cast.diane)
    page = client.get(reverse("deconfliction")).content.decode()
    assert "Modes silencieux à revoir" in page
    assert menu_count(client) == 2


def test_a_silence_ends_with_the_restriction(cast, held):
    silence(held, cast.diane)
    asked = sharing.ask_release(held, by=cast.diane, why="Opération passée")
    sharing.confirm_release(asked, by=cast.karim)
    narrowing = sharing.Narrowing((), "source", "", timezone.localdate() + timedelta(days=10))
    sharing.restrict(held, by=cast.diane, narrowing=narrowing)
    assert len(pointers(look(cast.louise, ("plate", "AB-123-CD")), cast.louise)[0]) == 1


def test_the_mode_is_chosen_on_the_page_of_the_restriction(cast, held, enter):
    client, address = enter(cast.diane), reverse("restrict_report", args=[held.reference])
    until = timezone.localdate() + timedelta(days=20)
    sent = {
        "units": [cast.anna.unit.pk], "reason": "source", "review_on": until.isoformat(),
        "looked_for": "silence",
    }  # fmt: skip
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    assert not SilentMode.objects.of(held).exists()
    sent |= {"silence_reason": "Équipe en place", "silence_review_on": until.isoformat()}
    assert client.post(address, sent).status_code == 302
    assert SilentMode.objects.of(held).get().reason == "Équipe en place"
    assert "Équipe en place" in client.get(address).content.decode()
    assert client.post(address, sent | {"looked_for": "pointeur"}).status_code == 302
    assert not SilentMode.objects.of(held).exists()


def test_a_silence_is_shown_to_its_unit_and_to_nobody_else(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    address = reverse("restrict_report", args=[report.reference])
    client, until = enter(cast.diane), timezone.localdate() + timedelta(days=20)
    asked = client.get(address).context["form"]
    assert not asked["silence_reason"].optional
    assert not asked["silence_review_on"].optional
    seen = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    sent = asked.initial | {
        "units": [cast.louise.unit.pk], "looked_for": "silence",
        "silence_reason": "Équipe en place", "silence_review_on": until.isoformat(),
        "review_on": asked.initial["review_on"].isoformat(),
    }  # fmt: skip
    restricted = Restriction.objects.of(report).get()
    told = client.post(address, sent, follow=True).content.decode()
    assert "Mode silencieux\u00a0:" in told or "Mode silencieux :" in told
    for who in ("diane", "karim"):
        page = enter(cast[who]).get(report.get_absolute_url()).content.decode()
        assert "Mode silencieux choisi" in page
        assert "Équipe en place" in page
    page = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    assert "ilencieu" not in page
    # Nor by a line that says that the same units read it still.
    history = re.compile(r'<ol class="cx-history">.*?</ol>', re.DOTALL)
    assert history.findall(page) == history.findall(seen) != []
    # Nor by the day on which, they read, it was restricted to them.
    kept = Restriction.objects.of(report).get()
    assert (kept.at, kept.by_id) == (restricted.at, restricted.by_id)
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_nobody_else_silences_a_report(cast, held):
    until = timezone.localdate() + timedelta(days=10)
    for other in (cast.louise, cast.anna, cast.paul):
        with pytest.raises(PermissionDenied):
            silent_mode.keep(held, by=other, reason="non", review_on=until)


# --- What a check leaves behind ---------------------------------------------------------------


def test_a_check_is_journalled_without_what_was_looked_for(cast, held):
    made = look(cast.louise, ("plate", "AB-123-CD"), ("phone", "06 39 98 12 34"))
    [line] = Entry.objects.filter(verb="deconfliction.checked")
    assert (line.target, line.why) == (made.number, "Immatriculation et Téléphone")
    assert line.recipients == "Brigade des douanes"
    every = " ".join(f"{each.target} {each.why} {each.recipients}" for each in Entry.objects.all())
    assert "AB123CD" not in every
    assert "AB-123-CD" not in every


def test_what_was_looked_for_is_forgotten_and_the_answer_stays(cast, held, enter):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    assert targets.forget_values(timezone.now() + timedelta(days=29)) == 0
    assert targets.forget_values(timezone.now() + timedelta(days=31)) == 1
    assert CheckedTarget.objects.of(made).get().value == ""
    page = enter(cast.louise).get(made.get_absolute_url()).content.decode()
    assert "Effacé" in page
    assert "Brigade des douanes" in page
    assert "AB-123-CD" not in page
    enter(cast.karim).get(reverse("deconfliction"))


def test_a_pasted_list_is_read_kind_by_kind():
    text = """AB-123-CD
    06 39 98 12 34 et +33 6 39 98 12 35
    Durand Léo 12/03/1999
    VF1AAAAA555123456
    contact@exemple.invalid
    AB 123 CD
    12 bis rue des Lilas, Épinal
    Le Grand"""
    assert [(kind, raw) for kind, raw in read_targets(text)] == [
        ("plate", "AB-123-CD"),
        ("phone", "06 39 98 12 34"),
        ("phone", "+33 6 39 98 12 35"),
        ("name", "Durand Léo 12/03/1999"),
        ("vin", "VF1AAAAA555123456"),
        ("email", "contact@exemple.invalid"),
        ("plate", "AB 123 CD"),
        ("address", "12 bis rue des Lilas, Épinal"),
        ("", "Le Grand"),
    ]


def test_twenty_at_most_and_one_at_least(cast):
    many = [("alias", f"Sobriquet {'abcdefghijklmnopqrstuvwxyz'[rank]}") for rank in range(21)]
    with pytest.raises(ValidationError, match="20 identifiants au plus"):
        look(cast.louise, *many)
    with pytest.raises(ValidationError, match="au moins un"):
        look(cast.louise)


def test_the_page_reads_then_asks_then_answers(cast, held, enter):
    client, address = enter(cast.louise), reverse("check_targets")
    read = client.post(address, {"text": "La AB-123-CD\nLe Grand"})
    assert 'value="AB-123-CD"' in read.content.decode()
    assert not DeconflictionCheck.objects.exists()
    sent = {"raw_1": "AB-123-CD", "kind_1": "plate", "raw_2": "Le Grand", "kind_2": ""}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Dites ce qu’est" in refused.content.decode()
    wrong = client.post(address, sent | {"kind_2": "imei"})
    assert "n’est pas un IMEI" in wrong.content.decode()
    answer = client.post(address, sent | {"kind_2": "rien"}, follow=True)
    assert "Brigade des douanes" in answer.content.decode()
    assert "Le Grand" not in answer.content.decode()


def test_an_empty_search_brings_its_words_and_looks_for_nothing(cast, enter):
    """They are sent, not written in an address that a log would keep."""
    client = enter(cast.louise)
    page = client.get(reverse("report_list"), {"q": "AB-123-CD"}).content.decode()
    address = reverse("check_targets")
    assert f'action="{address}"' in page
    assert 'name="text" value="AB-123-CD"' in page
    assert f"{address}?" not in page
    read = client.post(address, {"text": "AB-123-CD"}).content.decode()
    assert 'value="AB-123-CD"' in read
    assert not DeconflictionCheck.objects.exists()


# --- Who asks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "asks"),
    [
        ("diane", True), ("louise", True), ("bruno", True), ("anna", True), ("marc", True),
        ("paul", True),  # in his own department
        ("gilles", False), ("claire", False), ("rose", False), ("ines", False), ("tom", False),
        ("fanny", False),
    ],
)  # fmt: skip
def test_whoever_contributes_asks(cast, who, asks):
    if asks:
        assert look(cast[who], ("plate", "AB-123-CD")).unit == cast[who].unit
    else:
        with pytest.raises(PermissionDenied):
            look(cast[who], ("plate", "AB-123-CD"))


def test_a_unit_called_in_case_by_case_does_not_ask(cast, vosges, enter):
    from protocols.actions import admit
    from protocols.models import Participation, Protocol

    school = factories.unit(vosges.department, "Mairie de Golbey", kind="mairie")
    mayor = factories.member("maud", school, "liaison")
    admit(
        school,
        Protocol.objects.get(department=vosges.department),
        by=None,
        standing=Participation.Standing.CASE_BY_CASE,
        subject="Golbey",
        communes=[vosges["Golbey"]],
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=30),
    )
    assert access.standing(mayor).contributes_in
    with pytest.raises(PermissionDenied):
        look(mayor, ("plate", "AB-123-CD"))
    page = enter(mayor).get(reverse("deconfliction")).content.decode()
    assert "Votre unité ne vérifie pas ici" in page


@pytest.mark.parametrize("who", ["bruno", "anna", "marc", "paul"])
def test_an_answer_is_read_by_the_unit_that_asked_alone(cast, held, enter, who):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    assert enter(cast[who]).get(made.get_absolute_url()).status_code == 404
    assert access.told_hits(cast[who]).count() == 0


def test_nothing_of_a_hit_shows_to_paul(cast, held, enter):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    [hit] = hits()
    client = enter(cast.paul)
    assert client.get(reverse("decide_hit", args=[hit.key])).status_code == 404
    page = client.get(reverse("deconfliction")).content.decode()
    assert "Aucun rapprochement à traiter" in page
    assert made.number not in page


# --- Events -----------------------------------------------------------------------------------

START = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def plan(vosges):
    """`plan(east=200)`: a surveillance in Épinal, that many metres from the first one."""

    def planned(*, east=0, start=START, hours=2, **fields):
        fields = {"radius": 300, "point": (500 + east, 500), "contact": "Adj. Essai"} | fields
        return Plan(
            kind="surveillance",
            commune=fields.pop("commune", vosges["Épinal"]),
            starts_at=start,
            ends_at=start + hours * HOUR,
            **fields,
        )

    return planned


def silently(days=30):
    until = timezone.localdate() + timedelta(days=days)
    return {"is_silent": True, "silence_reason": "Source exposée", "silence_review_on": until}


@pytest.mark.parametrize(
    ("other", "conflict"),
    [
        ({"east": 200}, True),
        ({"east": 600}, True),  # they touch
        ({"east": 601}, False),
        ({"east": 601, "radius": 301}, True),
        ({"start": START + 4 * HOUR}, True),  # two hours after the end of the other
        ({"start": START + 4 * HOUR + timedelta(minutes=1)}, False),
        ({"start": START - 4 * HOUR}, True),
        ({"start": START - 4 * HOUR - timedelta(minutes=1)}, False),
        ({"start": START - 10 * HOUR, "hours": 20}, True),
        ({"east": 20_000, "radius": 20_000}, True),
    ],
)
def test_when_two_events_meet(cast, plan, other, conflict):
    operations.declare(plan(), by=cast.diane)
    operations.declare(plan(**other), by=cast.louise)
    assert hits().count() == int(conflict)
    assert access.told_hits(cast.diane).count() == int(conflict)
    assert access.told_hits(cast.louise).count() == int(conflict)


def test_corners_of_squares_are_not_circles(cast, plan):
    operations.declare(plan(), by=cast.diane)
    operations.declare(plan(point=(500 + 550, 500 + 550)), by=cast.louise)
    assert not hits().exists()


def test_a_unit_does_not_meet_itself(cast, plan):
    operations.declare(plan(), by=cast.diane)
    operations.declare(plan(), by=cast.karim)
    assert not hits().exists()


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (False, False, {"diane", "louise"}),
        (True, False, {"diane"}),
        (False, True, {"louise"}),
        (True, True, {"diane"}),  # somebody always is
    ],
)
def test_who_is_told_of_a_conflict(cast, plan, first, second, told):
    operations.declare(plan(**(silently() if first else {})), by=cast.diane)
    operations.declare(plan(**(silently() if second else {})), by=cast.louise)
    assert {who for who in ("diane", "louise") if access.told_hits(cast[who]).exists()} == told
    assert not access.told_hits(cast.paul).exists()


def test_a_silent_conflict_is_the_very_page_of_none(cast, plan, enter):
    client = enter(cast.louise)

    def told(start):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                reverse("declare_event"),
                {
                    "kind": "search", "commune": "Épinal", "contact": "Louise Essai",
                    "radius": "300", "starts_at": f"{timezone.localtime(start):%Y-%m-%dT%H:%M}",
                    "ends_at": f"{timezone.localtime(start + HOUR):%Y-%m-%dT%H:%M}",
                },
                follow=True,
            )  # fmt: skip
        page = re.sub(r"OPS-88-\d{4}-\d{6}", "NUMERO", answer.content.decode())
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        return re.sub(r"<time.*?</time>", "QUAND", page), len(queries)

    told(START - timedelta(days=1))
    operations.declare(plan(**silently()), by=cast.diane)
    silent = told(START)
    assert hits().count() == 1
    assert silent == told(START + timedelta(days=9))
    assert "Aucun conflit connu" in silent[0]


def test_a_change_looks_again_and_a_cancellation_ends(cast, plan):
    operations.declare(plan(), by=cast.diane)
    far = operations.declare(plan(east=2_000), by=cast.louise)
    assert not hits().exists()
    operations.change(far, plan(east=100), by=cast.louise)
    assert access.waiting_hits(cast.diane).count() == 1
    operations.change(far, plan(east=200), by=cast.louise)
    assert hits().count() == 1  # the same, told once
    operations.change(far, plan(east=3_000), by=cast.louise)
    assert not access.waiting_hits(cast.diane).exists()
    operations.change(far, plan(), by=cast.louise)
    assert access.waiting_hits(cast.diane).count() == 1
    operations.cancel(far, by=cast.louise)
    assert not access.waiting_hits(cast.diane).exists()
    assert not access.waiting_hits(cast.louise).exists()
    with pytest.raises(PermissionDenied):
        operations.cancel(far, by=cast.louise)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"east": 900}, "ne change ni de lieu"),
        ({"radius": 400}, "ne change ni de lieu"),
        ({"start": START + HOUR}, "ne change ni de lieu"),
        ({"radius": 2_000}, "m au plus"),
        ({"point": None, "radius": None}, "indiquez le point"),
    ],
)
def test_a_silent_event_does_not_search_the_map(cast, plan, change, fault):
    """It would find where the others work, who would never know."""
    operations.declare(plan(), by=cast.diane)
    seen = operations.declare(plan(east=2_000), by=cast.louise)
    with pytest.raises(ValidationError, match=fault):
        operations.change(seen, plan(**{"east": 2_000} | change, **silently()), by=cast.louise)
    silent = operations.change(seen, plan(east=2_000, **silently()), by=cast.louise)
    call = plan(east=2_002, **silently() | {"contact": "Maj. Essai"})
    assert operations.change(silent, call, by=cast.louise).contact == "Maj. Essai"
    operations.change(silent, plan(**{"east": 2_000} | change), by=cast.louise)


def test_a_unit_declares_few_silent_events(cast, plan):
    for day in range(operations.SILENT_A_DAY):
        made = operations.declare(plan(start=START + 24 * day * HOUR, **silently()), by=cast.diane)
        operations.cancel(made, by=cast.karim)
    one_more = plan(start=START + 240 * HOUR, **silently())
    with pytest.raises(ValidationError, match="5 opérations silencieuses"):
        operations.declare(one_more, by=cast.karim)
    operations.declare(one_more, by=cast.louise)
    operations.declare(plan(), by=cast.diane)


def test_lifting_a_silence_tells_the_other(cast, plan):
    mine = operations.declare(plan(**silently()), by=cast.diane)
    operations.declare(plan(), by=cast.louise)
    assert not access.told_hits(cast.louise).exists()
    operations.change(mine, plan(), by=cast.diane)
    assert access.told_hits(cast.louise).count() == 1
    operations.change(mine, plan(**silently()), by=cast.diane)
    assert access.told_hits(cast.louise).count() == 1  # what was told is not taken back


def decided(first, second, cast, by):
    """The hit of two events, declared in this order, of which `by` has said the outcome."""
    mine = operations.declare(first, by=cast.diane)
    theirs = operations.declare(second, by=cast.louise)
    [hit] = hits()
    announcing.tell_units_met(cast.louise.pk, event=theirs.pk)
    Notification.objects.unguarded(because="test").update(seen_at=timezone.now())
    outcomes.decide(hit, by=cast[by], outcome="joint")
    return mine, hit


def told_anew():
    unseen = Notification.objects.unguarded(because="test").unseen()
    return set(unseen.values_list("member__username", flat=True))


@pytest.mark.parametrize("moved", [{"start": START + 3 * HOUR}, {"east": 400}, {"radius": 500}])
def test_what_was_decided_of_a_place_and_hour_is_decided_again_once_they_change(
    cast, plan, enter, moved
):
    mine, hit = decided(plan(), plan(), cast, "louise")
    assert not access.waiting_hits(cast.louise).exists()
    operations.change(mine, plan(**moved), by=cast.diane)
    hit.refresh_from_db()
    assert (hit.outcome, hit.outcome_by, hit.outcome_at, hit.lapsed_at) == ("", None, None, None)
    for who in ("diane", "louise"):
        assert access.waiting_hits(cast[who]).get() == hit
        page = enter(cast[who]).get(reverse("deconfliction")).content.decode()
        assert "Issue dite" not in page
    announcing.tell_units_met(cast.diane.pk, event=mine.pk)
    assert {"karim", "louise"} <= told_anew()
    entry = Entry.objects.get(verb="event.changed")
    assert entry.why == "Issues retirées : Commissariat (Action conjointe)"


def test_what_was_decided_stays_as_long_as_the_operation_stays_where_it_is(cast, plan):
    mine, hit = decided(plan(), plan(), cast, "louise")
    operations.change(mine, plan(east=2, contact="Maj. Essai"), by=cast.diane)
    hit.refresh_from_db()
    assert (hit.outcome, hit.outcome_by) == ("joint", cast.louise)
    assert Entry.objects.get(verb="event.changed").why == ""
    announcing.tell_units_met(cast.diane.pk, event=mine.pk)
    assert told_anew() == set()


def test_what_one_unit_decided_alone_in_silence_is_decided_again_with_the_other(cast, plan):
    mine, hit = decided(plan(**silently()), plan(), cast, "diane")
    operations.change(mine, plan(), by=cast.diane)
    hit.refresh_from_db()
    assert (hit.outcome, hit.tells_asker, hit.tells_holder) == ("", True, True)
    assert access.waiting_hits(cast.louise).get() == hit
    announcing.tell_units_met(cast.diane.pk, event=mine.pk)
    assert {"karim", "louise"} <= told_anew()


def test_without_a_point_the_whole_commune_counts(cast, plan, vosges):
    event = operations.declare(plan(point=None, radius=None), by=cast.diane)
    assert (event.x, event.y, event.has_point) == (500, 500, False)
    assert event.radius == 708  # the corner of its square
    in_town = operations.declare(plan(radius=None), by=cast.diane)
    country = operations.declare(
        plan(commune=vosges["Golbey"], point=(1500, 500), radius=None), by=cast.diane
    )
    assert (in_town.radius, country.radius) == (300, 1_000)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hours": 0}, "La fin doit suivre le début"),
        ({"start": START - timedelta(days=5)}, "Cette opération est terminée"),
        ({"hours": 24 * 40}, "31"),
        ({"start": START + timedelta(days=400)}, "plus d’un an"),
        ({"point": (60_000, 500)}, "plus de 30 km"),
        (silently(200), "Choisissez une date"),
        (silently() | {"silence_reason": " "}, "Dites pourquoi"),
    ],
)
def test_what_is_wrong_is_said(cast, plan, wrong, words):
    with pytest.raises(ValidationError, match=words):
        operations.declare(plan(**wrong), by=cast.diane)


def sent(**said):
    """An operation as a form sends it: a control in Épinal, two hours from `START` on."""
    start = timezone.localtime(START)
    return {
        "kind": "control", "commune": "Épinal", "contact": "Diane Essai",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}", "ends_at": f"{start + 2 * HOUR:%Y-%m-%dT%H:%M}",
    } | said  # fmt: skip


@pytest.fixture
def on_the_map(vosges):
    """Épinal where it is: people give degrees."""
    x, y = metres_of(48.1744, 6.4494, vosges.department.srid)
    Commune.objects.filter(pk=vosges["Épinal"].pk).update(centre_x=x, centre_y=y)
    vosges["Épinal"].refresh_from_db()
    return x, y


@pytest.mark.parametrize(
    "point",
    ["48,1744 ; 6,4494", "48°10'27.84\"N 6°26'57.84\"E", "geo:48.1744,6.4494",
     "https://cartes.example/maps/place/" + "Rue-des-Lilas-" * 20 + "/@48.1744,6.4494,17z"],
)  # fmt: skip
def test_a_point_is_pasted_as_a_telephone_gives_it_and_shown_as_typed(
    cast, enter, on_the_map, point
):
    client = enter(cast.diane)
    page = client.post(reverse("declare_event"), sent(point=point), follow=True)
    event = PlannedEvent.objects.all().unguarded(because="test").get()
    assert (event.x, event.y) == on_the_map
    assert "48,1744\u00a0; 6,4494" in page.content.decode()
    form = client.get(reverse("change_event", args=[event.number])).content.decode()
    assert 'value="48,1744\u00a0; 6,4494"' in form


def test_a_short_link_is_refused_with_what_to_do(cast, enter, on_the_map):
    answer = enter(cast.diane).post(
        reverse("declare_event"), sent(point="https://cartes.example/Xy7")
    )
    assert answer.status_code == 422
    assert "un lien abrégé ne dit pas où" in answer.content.decode()


def test_all_that_is_wrong_is_told_at_once(cast, enter, on_the_map):
    before = f"{timezone.localtime(START) - HOUR:%Y-%m-%dT%H:%M}"
    answer = enter(cast.diane).post(
        reverse("declare_event"),
        sent(ends_at=before, point="quelque part", contact="", is_silent="on", radius="2000"),
    )
    assert set(answer.context["form"].errors) == {
        "ends_at", "point", "contact", "silence_reason", "silence_review_on", "radius",
    }  # fmt: skip


@pytest.fixture
def parking(cast, on_the_map, vosges):
    x, y = on_the_map
    described = places.Described(
        name="Parking des Lilas", kind="lieu", commune=vosges["Épinal"], point=(x + 40, y)
    )
    return places.create(described, by=cast.diane)


def known_places(client, commune):
    """What the form asks for when its commune changes."""
    return client.get(
        f"{reverse('declare_event')}?commune={commune}",
        headers={"HX-Request": "true", "HX-Target": "lieux-connus"},
    )


def test_the_known_places_offered_are_those_of_the_commune_written(
    cast, enter, parking, monkeypatch
):
    client = enter(cast.diane)
    assert "Parking des Lilas" not in client.get(reverse("declare_event")).content.decode()
    there = known_places(client, "epinal").content.decode()
    assert "Parking des Lilas" in there
    assert "<html" not in there
    assert "Aucun lieu connu de vous à Golbey" in known_places(client, "Golbey").content.decode()
    # Without script: as it stands, nothing is judged nor lost.
    answer = client.post(
        reverse("declare_event"), {"commune": "Épinal", "place": "Au fond", "lieux-connus": "1"}
    )
    assert answer.status_code == 200
    assert "Parking des Lilas" in answer.content.decode()
    assert 'value="Au fond"' in answer.content.decode()
    # Never a silent cut.
    described = places.Described(
        name="Lac", kind="lieu", commune=parking.commune, point=(parking.x, parking.y)
    )
    places.create(described, by=cast.diane)
    assert "en a d’autres" not in known_places(client, "Épinal").content.decode()
    monkeypatch.setattr(events, "PLACES_SHOWN", 1)
    assert "Épinal en a d’autres" in known_places(client, "Épinal").content.decode()


def test_the_point_of_a_known_place_is_taken(cast, enter, on_the_map, parking):
    client, address = enter(cast.diane), reverse("declare_event")
    for wrong, words in (
        ({"point": "48,1744 ; 6,4494"}, "pas les deux"),
        ({"commune": "Golbey"}, "Ce lieu est à Épinal"),
    ):
        refused = client.post(address, sent(known_place=str(parking.key)) | wrong)
        assert words in refused.content.decode()
    client.post(address, sent(known_place=str(parking.key)))
    event = PlannedEvent.objects.all().unguarded(because="test").get()
    assert (event.x, event.y, event.has_point) == (parking.x, parking.y, True)

    event.x, event.y = on_the_map
    event.save()
    change = reverse("change_event", args=[event.number])
    begun = client.get(change).context["form"].initial["point"]
    client.post(change, sent(known_place=str(parking.key), point=begun))
    event.refresh_from_db()
    assert (event.x, event.y) == (parking.x, parking.y)


@pytest.mark.parametrize("who", ["louise", "bruno", "anna", "paul"])
def test_a_place_that_one_does_not_read_is_neither_offered_nor_taken(cast, enter, parking, who):
    client, address = enter(cast[who]), reverse("declare_event")
    assert "Parking des Lilas" not in known_places(client, "Épinal").content.decode()
    refused = client.post(address, sent(known_place=str(parking.key)))
    assert "known_place" in refused.context["form"].errors
    assert not PlannedEvent.objects.exists()


def test_an_event_is_read_and_changed_by_its_unit_alone(cast, plan, enter):
    event = operations.declare(plan(place="Rue des Lilas"), by=cast.diane)
    operations.declare(plan(), by=cast.louise)
    for name, how in (
        ("event_page", "get"), ("change_event", "get"), ("cancel_event", "post"),
        ("event_outside", "get"),
    ):  # fmt: skip
        address = reverse(name, args=[event.number])
        for other in ("louise", "bruno", "anna", "marc", "paul"):
            assert getattr(enter(cast[other]), how)(address).status_code == 404, (name, other)
    assert enter(cast.karim).get(event.get_absolute_url()).status_code == 200
    page = enter(cast.louise).get(reverse("deconfliction")).content.decode()
    assert "Brigade des douanes" in page
    for hidden in (event.number, "Rue des Lilas"):
        assert hidden not in page
    with pytest.raises(PermissionDenied):
        operations.change(event, plan(), by=cast.paul)


def _home(client):
    return client.get("/").content.decode()


def test_the_cell_puts_in_touch_and_reads_no_more(cast, plan, enter):
    event = operations.declare(plan(place="Rue des Lilas"), by=cast.diane)
    operations.declare(plan(east=10), by=cast.louise)
    operations.declare(plan(east=5_000, **silently()), by=cast.diane)
    operations.declare(plan(east=5_000), by=cast.bruno)
    page = enter(cast.marc).get(reverse("deconfliction")).content.decode()
    # Those two wait for him, his own unit has nothing: they come first, and his home page agrees.
    assert page.index("Unités à mettre en relation") < page.index("Aucun rapprochement à traiter")
    assert "conflit entre deux unités à mettre en relation" in _home(enter(cast.marc))
    assert "Aucun conflit connu. " not in _home(enter(cast.anna))  # who is told of no other's
    assert "suivis par l’animateur de la cellule" in _home(enter(cast.anna))
    assert "Commissariat" in page
    for hidden in (event.number, "Rue des Lilas", "Brigade de recherches"):
        assert hidden not in page
    page = enter(cast.anna).get(reverse("deconfliction")).content.decode()
    assert "Unités à mettre en relation" not in page


def test_events_are_forgotten_and_what_was_decided_stays(cast, plan):
    operations.declare(plan(), by=cast.diane)
    operations.declare(plan(), by=cast.louise)
    [hit] = hits()
    outcomes.decide(hit, by=cast.louise, outcome="joint")
    assert operations.forget_events(START + timedelta(days=30)) == 0
    assert operations.forget_events(START + timedelta(days=31)) == 2
    assert not PlannedEvent.objects.exists()
    hit.refresh_from_db()
    assert (hit.outcome, hit.asked_event, hit.held_event) == ("joint", None, None)
    assert board.board_of(cast.diane).decided


def test_the_outcome_is_said_by_either_side_and_nobody_else(cast, plan, enter):
    operations.declare(plan(), by=cast.diane)
    operations.declare(plan(), by=cast.louise)
    [hit] = hits()
    address = reverse("decide_hit", args=[hit.key])
    for who, outcome in (("karim", "postponed"), ("louise", "joint")):
        assert enter(cast[who]).post(address, {"outcome": outcome}).status_code == 302
        hit.refresh_from_db()
        assert (hit.outcome, hit.outcome_by) == (outcome, cast[who])
    assert menu_count(enter(cast.diane)) == 0
    assert "Action conjointe" in enter(cast.diane).get(reverse("deconfliction")).content.decode()
    for who in ("bruno", "marc", "paul"):
        assert enter(cast[who]).post(address, {"outcome": "joint"}).status_code == 404


def test_the_national_file_is_noted_on_a_check_and_on_an_event(cast, plan, enter):
    client = enter(cast.louise)
    rows = (look(cast.louise, ("plate", "AB-123-CD")), operations.declare(plan(), by=cast.louise))
    sent = {"fnos_on": timezone.localdate().isoformat(), "fnos_by": "Louise Essai",
            "fnos_result": "unknown"}  # fmt: skip
    for row, name in zip(rows, ("check_outside", "event_outside"), strict=True):
        address = reverse(name, args=[row.number])
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        assert client.post(address, sent | {"fnos_on": tomorrow}).status_code == 422
        assert client.post(address, sent).status_code == 302
        assert "Aucun objectif connu" in client.get(row.get_absolute_url()).content.decode()
        assert enter(cast.paul).post(address, sent).status_code == 404


# --- Whom to call, about what -----------------------------------------------------------------


def test_a_unit_is_called_once_and_units_are_counted(cast, vosges, held, plan, enter):
    """Three hits with one unit and one with another are two units to call."""
    Unit.objects.filter(pk=cast.diane.unit_id).update(phone=HEAD)
    phone = ("phone", "06 39 98 12 34", "+33639981234")
    factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=[phone])
    look(cast.louise, ("plate", "AB-123-CD"), ("phone", "06 39 98 12 34"))
    for who in ("diane", "bruno", "louise"):
        operations.declare(plan(), by=cast[who])
    assert access.waiting_hits(cast.louise).count() == 4
    assert access.units_to_call(cast.louise).count() == 2
    client = enter(cast.louise)
    page = client.get(reverse("deconfliction"))
    text = page.content.decode()
    assert "<title>2 unités à appeler" in " ".join(text.split())
    assert text.count(HEAD) == 1
    assert sorted(len(called.lines) for called in page.context["board"].to_call) == [1, 3]
    home = client.get(reverse("home")).content.decode()
    assert "unités à appeler" in home


def test_each_side_is_told_which_of_its_own_things_it_is_about(cast, vosges, held, plan, enter):
    other = ("plate", "ZZ-999-ZZ", "ZZ999ZZ")
    factories.report(cast.diane, vosges["Golbey"], units=[], identifiers=[other])
    made = look(cast.louise, ("plate", "ab 123 cd"))
    mine = operations.declare(plan(place="Rue des Lilas"), by=cast.diane)
    theirs = operations.declare(plan(), by=cast.louise)
    for about in ({"check": made.pk}, {"event": theirs.pk}):
        announcing.tell_units_met(cast.louise.pk, **about)
    told = {
        "diane": (["Immatriculation", held.reference, mine.number, "Surveillance, Épinal"],
                  [made.number, theirs.number, "AB-123-CD", "ZZ-999-ZZ"]),
        "fanny": ([], [made.number, theirs.number, mine.number, held.reference]),
        "paul": ([], [made.number, theirs.number, mine.number, held.reference]),
    }  # fmt: skip
    for who, (shown, hidden) in told.items():
        for name in ("deconfliction", "notification_list"):
            answer = enter(cast[who]).get(reverse(name))
            page = answer.content.decode()
            assert [words for words in shown if words not in page] == [], (who, name)
            assert [words for words in hidden if words in page] == [], (who, name)
    page = enter(cast.louise).get(reverse("deconfliction")).content.decode()
    for words in (made.number, theirs.number, "AB-123-CD"):
        assert words in page
    for words in (held.reference, mine.number, "Rue des Lilas"):
        assert words not in page


def test_the_unit_concerned_is_told_the_kind_and_never_which_value(cast, vosges, enter):
    """Of three telephones in its report, which one another unit looks for says whom it follows."""
    phones = [("phone", f"06 39 98 12 3{n}", f"+3363998123{n}") for n in range(3)]
    ours = factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=phones)
    made = look(cast.louise, ("phone", phones[1][1]))
    announcing.tell_units_met(cast.louise.pk, check=made.pk)
    [hit] = hits()
    outcome, listed = reverse("decide_hit", args=[hit.key]), reverse("deconfliction")
    for address in (listed, outcome, reverse("notification_list")):
        page = enter(cast.karim).get(address).content.decode()
        assert ours.reference in page, address
        assert "Téléphone" in page, address
        assert not re.search(r"06.39.98.12|3363998123", page), address
    assert phones[1][1] in enter(cast.louise).get(outcome).content.decode().replace("\xa0", " ")


def test_a_hit_told_no_more_between_two_queries_leaves_its_notice(cast, held, monkeypatch):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    announcing.tell_units_met(cast.louise.pk, check=made.pk)
    told = access.told_hits

    def gone(member):
        hits().update(tells_holder=False)
        return told(member)

    monkeypatch.setattr(access, "told_hits", gone)
    [line] = listing_of(cast.karim, NoticeFilterForm({}, member=cast.karim)).page.rows
    assert line.ours == ""


def test_a_name_only_alike_is_told_by_its_kind_to_who_holds_it(cast, vosges, enter):
    name = ("name", "Durand Léo 12/03/1999", "durand leo|1999-03-12")
    factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=[name])
    look(cast.louise, ("name", "Léo DURANT né le 12/03/1999"))
    page = enter(cast.karim).get(reverse("deconfliction")).content.decode()
    assert IdentifierKind.NAME.label in page
    assert "Durand Léo" not in page
    assert "DURANT" not in page


def test_what_has_an_answer_is_calm(cast, held, plan, enter):
    made = look(cast.louise, ("plate", "AB-123-CD"))
    operations.declare(plan(), by=cast.diane)
    event = operations.declare(plan(point=None, radius=None), by=cast.louise)
    client = enter(cast.louise)
    pages = [reverse("deconfliction"), made.get_absolute_url(), event.get_absolute_url()]
    alerts = ('data-tone="alert"', "map-circle-alert")

    def alarms():
        texts = [client.get(page).content.decode() for page in pages]
        return [sum(text.count(alert) for alert in alerts) for text in texts]

    assert all(alarms())
    for hit in hits():
        outcomes.decide(hit, by=cast.louise, outcome="joint")
    assert alarms() == [0, 0, 0]
    assert "Action conjointe" in client.get(pages[1]).content.decode()
    changed = client.post(
        reverse("change_event", args=[event.number]), sent(kind="search"), follow=True
    )
    assert "appelez avant d’agir" not in changed.content.decode()
    assert access.units_to_call(cast.louise).count() == 0


def test_the_map_says_where_in_words_and_is_drawn_for_a_telephone_too(cast, plan, enter):
    event = operations.declare(plan(), by=cast.diane)
    operations.declare(plan(east=137), by=cast.louise)
    page = enter(cast.diane).get(event.get_absolute_url()).content.decode()
    assert "Un cercle de 300" in page
    assert ">Golbey</text>" in page
    maps = re.findall(r'<svg [^>]*class="map".*?</svg></svg>|<svg [^>]*class="map"', page, re.S)
    assert len(maps) == 2
    # Our own circle and nobody else's, and nothing that says how far the other one is.
    assert page.count('class="map-circle-alert"') == 2
    assert not re.search(r"137\s?m", page)


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_declared_at_once_both_are_told_once(cast, plan):
    pairs = [("diane", "louise"), ("bruno", "anna")]
    for rank, pair in enumerate(pairs):
        ready = threading.Barrier(2)
        there = plan(east=5_000 * rank)

        def declare(who, there=there, ready=ready):
            try:
                ready.wait(10)
                operations.declare(there, by=cast[who])
            finally:
                connection.close()

        people = [threading.Thread(target=declare, args=[who]) for who in pair]
        for person in people:
            person.start()
        for person in people:
            person.join(30)
    assert hits().count() == len(pairs)
    for who in ("diane", "louise", "bruno", "anna"):
        assert access.told_hits(cast[who]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_changed_at_once_towards_each_other_both_are_told_once(cast, plan):
    events = {
        who: operations.declare(plan(east=east), by=cast[who])
        for who, east in (("diane", 0), ("louise", 5_000))
    }
    ready = threading.Barrier(2)

    def come(who):
        try:
            ready.wait(10)
            operations.change(events[who], plan(east=2_000), by=cast[who])
        finally:
            connection.close()

    people = [threading.Thread(target=come, args=[who]) for who in events]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert hits().filter(lapsed_at=None).count() == 1
    for who in events:
        assert access.told_hits(cast[who]).count() == 1


# --- Ends -------------------------------------------------------------------------------------


def test_with_the_protocol_everything_ends(cast, plan, held, enter):
    made, event = look(cast.louise, ("plate", "AB-123-CD")), operations.declare(
        plan(), by=cast.louise
    )  # fmt: skip
    from protocols.models import Protocol

    yesterday = timezone.localdate() - timedelta(days=1)
    Protocol.objects.filter(department=made.department).update(ends_on=yesterday)
    client = enter(cast.louise)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(event.get_absolute_url()).status_code == 404
    with pytest.raises(PermissionDenied):
        look(cast.louise, ("plate", "AB-123-CD"))
