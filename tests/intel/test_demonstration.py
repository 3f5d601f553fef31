"""The demonstration: invented, the same twice, and true to every rule of the house."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cross.audit.models import Entry
from intel import access
from intel.actions import copies, life
from intel.demonstration import lives, voices
from intel.demonstration.places import at
from intel.demonstration.scenes import Words
from intel.demonstration.situations import network
from intel.demonstration.texts import KINDS, around
from intel.forms.editions import AXIS_STATES
from intel.models import (
    AccessRequest,
    Audience,
    Edition,
    Fact,
    HandlingAccord,
    Identifier,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    ReportShare,
    Restriction,
    Revision,
    Step,
    Summary,
    SummaryAudience,
    Tasking,
    Tip,
)
from intel.models.choices import IdentifierKind
from intel.reading.edition_words import AXIS_FIELDS
from intel.states import BY_PAIR, Requirement, State
from protocols.models import Participation, Protocol, Signature
from services.models import Member, Unit
from tests import factories

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 20, 10, 0, tzinfo=PARIS)
REPORTS = 150
ACCOUNTS = {
    "analyste", "animatrice", "liaison.gendarmerie", "liaison.police", "liaison.pj", "liaison.paf",
    "liaison.douane", "liaison.sr", "liaison.gir", "prefecture", "parquet.epinal", "referent",
    "dpo", "technique", "liaison.54", "chef.douane", "partenaire",
}  # fmt: skip
COUNTED = (
    Member, Unit, Protocol, Signature, Participation, Report, Fact, Step, Tasking, Tip,
    Restriction, ReportGroupGrant, ReportMemberGrant, Identifier, Revision, Summary, Edition,
    Entry, AccessRequest, HandlingAccord, ReportShare,
)  # fmt: skip


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The Vosges as they are, a small neighbour, and the demonstration; undone at the end."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        outer = transaction.atomic()
        outer.__enter__()
        neighbour = ("Nancy", "Lunéville", "Pont-à-Mousson", "Longwy")
        factories.territory("54", "Meurthe-et-Moselle", "Nancy", neighbour)
        seed()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def demonstration(world, db):
    """Seen by one test, which leaves it as it was."""


def seed(**options):
    call_command("seed_demo", **{"reports": REPORTS, "verbosity": 0} | options)


def reports(**which):
    return Report.objects.filter(**which).unguarded(because="test")


def everything(model):
    return model.objects.unguarded(because="test")


def count(model):
    rows = model.objects
    return (rows.unguarded(because="test") if hasattr(rows, "unguarded") else rows).count()


def member(username):
    return Member.objects.get(username=username)


# Where it may run, and how often.


def test_it_refuses_to_run_on_a_real_installation(db, settings):
    settings.DEMONSTRATION = settings.TESTING = False
    with pytest.raises(CommandError, match="jamais sur une installation réelle"):
        seed()
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"reports": -1}, "positif"),
        ({"departments": " , "}, "au moins un département"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(db, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        seed(**options)


def test_a_second_run_changes_nothing(demonstration):
    before = {model: count(model) for model in COUNTED}
    assert all(before.values())
    seed()
    assert {model: count(model) for model in COUNTED} == before


def test_asked_for_more_it_adds_what_is_missing(demonstration):
    before = dict(reports().values_list("reference", "facts"))
    seed(reports=REPORTS + 30, departments="88")
    after = dict(reports().values_list("reference", "facts"))
    assert len(after) == len(before) + 30
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


def test_the_same_day_gives_the_same_rows(db):
    factories.territory("10", "Aube", "Troyes", ("Troyes", "Romilly", "Les Noës", "Le Chêne"))

    def told():
        sid = transaction.savepoint()
        seed(departments="10", reports=60)
        rows = list(
            reports(department__code="10")
            .order_by("reference")
            .values_list(
                "reference", "facts", "comment", "state", "audience", "received_at", "created_at",
                "owner__name", "author__username", "commune__name", "source_grade", "source_code",
                "information_grade", "occurred_on", "duplicate_of__reference", "version",
            )
        )  # fmt: skip
        named = sorted(
            ReportGroupGrant.objects.filter(content_object__department__code="10").values_list(
                "content_object__reference", "group__name"
            )
        )
        transaction.savepoint_rollback(sid)
        return rows, named

    assert told() == told()


def test_any_department_that_is_loaded(db):
    factories.territory("52", "Haute-Marne", "Chaumont", ("Chaumont", "Langres", "Joinville"))
    seed(departments="52", reports=40)
    assert reports(department__code="52").count() == 40
    assert authenticate(username="liaison.52", password="cross-demo")
    assert access.readable_reports(member("liaison.52")).count() > 20


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 1, 1, 0, 5, tzinfo=PARIS),
        datetime(2028, 2, 29, 23, 55, tzinfo=PARIS),
        datetime(2027, 3, 28, 3, 30, tzinfo=PARIS),  # an hour that has just been skipped
    ],
    ids=lambda moment: f"{moment:%Y-%m-%d}",
)
def test_any_day_will_do(db, moment):
    factories.territory("10", "Aube", "Troyes", ("Troyes", "Romilly", "Les Noës", "Le Chêne"))
    with time_machine.travel(moment, tick=False):
        seed(departments="10", reports=60)
    ours = reports(department__code="10")
    assert not ours.filter(created_at__gt=moment).exists()
    assert not ours.filter(occurred_on__gt=moment.date()).exists()
    assert not everything(Step).filter(report__in=ours, at__gt=moment).exists()


# Who is there.


def test_each_account_signs_in_and_no_other(demonstration):
    usable = {one.username for one in Member.objects.all() if one.has_usable_password()}
    assert usable == ACCOUNTS
    for username in ACCOUNTS:
        one = authenticate(username=username, password="cross-demo")
        assert one is not None, username
        assert one.is_in_duty()
        assert one.authorised_by


def test_the_protocol_of_the_vosges_is_the_one_that_was_signed(demonstration):
    protocol = Protocol.objects.get(department__code="88")
    assert f"{protocol.signed_on:%d/%m/%Y}" == "24/09/2020"
    assert "17 septembre 2019" in protocol.legal_basis
    assert not protocol.is_permanent
    assert protocol.lead_service.kind == "gendarmerie"
    signed = protocol.signatures.of_the_text().order_by("rank")
    kinds = list(signed.values_list("service__kind", flat=True))
    assert kinds == ["prefecture", "gendarmerie", "police", "pj", "paf", "douane", "sr", "gir"]
    # Who signed reads whatever is open; who is called in reads his subject, for a time; the town
    # hall hands in, and reads nothing.
    for standing, expected in (
        ("permanent", {*kinds, "parquet", "mairie"}),
        ("referent", {"education"}),
    ):
        seated = Unit.objects.filter(
            group__in=protocol.participations.filter(standing=standing).values("group")
        )
        assert set(seated.values_list("service__kind", flat=True)) == expected
    [hall] = [seat for seat in protocol.participations.running() if seat.hands_in]
    assert (hall.group.unit.service.kind, hall.reads_reports) == ("mairie", False)
    subject = protocol.participations.running().get(standing="referent")
    assert subject.products == ["nitrous_oxide"]


@pytest.mark.parametrize(
    ("username", "reads_88", "reads_54"),
    [
        ("analyste", True, False),
        ("liaison.paf", True, False),
        ("parquet.epinal", True, False),
        ("liaison.54", False, True),
        ("prefecture", False, False),
        ("dpo", False, False),
        ("technique", False, False),
    ],
)
def test_who_lists_which_department(demonstration, username, reads_88, reads_54):
    listed = access.listed_reports(member(username))
    assert listed.filter(department__code="88").exists() is reads_88
    assert listed.filter(department__code="54").exists() is reads_54


def test_each_department_shows_the_other_one_report(demonstration):
    for username, code in (("liaison.paf", "54"), ("analyste", "54"), ("liaison.54", "88")):
        shown = access.shared_reports(member(username))
        assert [report.department.code for report in shown] == [code], username


def test_something_waits_and_something_was_answered(demonstration):
    waiting = AccessRequest.objects.filter(decision="", report__isnull=False)
    assert waiting.unguarded(because="test").exists()
    accords = HandlingAccord.objects.filter(decision="")
    assert accords.unguarded(because="test").exists()


def test_the_guest_reads_what_he_is_invited_to_until_a_date(demonstration):
    invited = set(ReportMemberGrant.objects.values_list("content_object_id", flat=True))
    guest = member("referent")
    assert invited
    assert {report.pk for report in access.readable_reports(guest)} == invited
    with time_machine.travel(datetime(2027, 1, 15, tzinfo=PARIS)):
        assert not access.readable_reports(guest).exists()


def test_the_cell_does_not_see_everything(demonstration):
    ours = reports(department__code="88").exclude(state=State.DRAFT)
    read = access.readable_reports(member("analyste")).values_list("pk", flat=True)
    assert 0 < ours.exclude(pk__in=list(read)).count() < 10


# Who sees it: the invariants of the grants.

OPEN_WITH_GRANTS = """
    SELECT count(*) FROM intel_report r
    WHERE r.audience = 0
      AND EXISTS (SELECT 1 FROM intel_reportgroupgrant g WHERE g.content_object_id = r.id)
"""
RESTRICTED_WITHOUT_ITS_OWNER = """
    SELECT count(*) FROM intel_report r JOIN services_unit u ON u.id = r.owner_id
    WHERE r.audience = 1
      AND NOT EXISTS (SELECT 1 FROM intel_reportgroupgrant g
                      WHERE g.content_object_id = r.id AND g.group_id = u.group_id)
"""
NAMED_WITHOUT_A_SEAT = """
    SELECT count(*) FROM intel_reportgroupgrant g JOIN intel_report r ON r.id = g.content_object_id
    WHERE NOT EXISTS (
      SELECT 1 FROM protocols_participation p
      JOIN protocols_protocol c ON c.id = p.content_object_id
      JOIN auth_permission a ON a.id = p.permission_id
      WHERE p.group_id = g.group_id AND c.department_id = r.department_id
        AND a.codename = 'read_reports')
"""
RESTRICTED_WITHOUT_A_REASON = """
    SELECT count(*) FROM intel_report r
    WHERE (r.audience = 1) <> EXISTS (SELECT 1 FROM intel_restriction x WHERE x.report_id = r.id)
"""
FIRST_GRADE_ALONE = """
    SELECT count(*) FROM intel_report r JOIN services_unit u ON u.id = r.owner_id
    WHERE r.information_grade = '1'
      AND NOT EXISTS (SELECT 1 FROM intel_report o JOIN services_unit v ON v.id = o.owner_id
                      WHERE o.fact_id = r.fact_id AND o.id <> r.id AND o.origin <> r.origin
                        AND v.service_id <> u.service_id
                        AND o.state NOT IN ('brouillon', 'hors_champ'))
"""
DUPLICATE_OF_A_DUPLICATE = """
    SELECT count(*) FROM intel_report r JOIN intel_report o ON o.id = r.duplicate_of_id
    WHERE o.duplicate_of_id IS NOT NULL OR o.fact_id <> r.fact_id OR o.audience <> 0
"""


@pytest.mark.parametrize(
    "breach",
    [
        OPEN_WITH_GRANTS,
        RESTRICTED_WITHOUT_ITS_OWNER,
        NAMED_WITHOUT_A_SEAT,
        RESTRICTED_WITHOUT_A_REASON,
        FIRST_GRADE_ALONE,
        DUPLICATE_OF_A_DUPLICATE,
    ],
)
def test_no_row_breaks_an_invariant(demonstration, breach):
    with connection.cursor() as cursor:
        cursor.execute(breach)
        assert cursor.fetchone() == (0,)


def test_one_report_in_five_is_restricted_to_one_to_six_other_units(demonstration):
    ours = reports(department__code="88")
    share = ours.filter(audience=Audience.RESTRICTED).count() / ours.count()
    assert 0.15 <= share <= 0.25
    named = Counter(ReportGroupGrant.objects.values_list("content_object", flat=True))
    assert min(named.values()) >= 2
    assert max(named.values()) <= 7
    reviews = everything(Restriction).values_list("review_on", flat=True)
    assert any(day < NOW.date() for day in reviews)
    assert any(day > NOW.date() for day in reviews)


# What became of it.


def test_every_state_is_reached_but_the_one_that_leaves_no_row(demonstration):
    assert set(reports().values_list("state", flat=True)) == set(State) - {State.ERASED}


@pytest.mark.parametrize(
    "path",
    [path for _, path in (*lives.SETTLED, *lives.RECENT, *lives.NOTHING_IN_IT, *lives.DUPLICATED)],
    ids=str,
)
def test_a_path_follows_the_table_of_moves(path):
    assert all(pair in BY_PAIR for pair in pairwise((State.RECEIVED, *path)))


def test_the_reasons_cover_the_moves_that_ask_for_one():
    asked = {move.target for move in BY_PAIR.values() if Requirement.REASON in move.requires}
    assert asked - {State.ERASED} == set(around.REASONS)


WITHOUT_A_STEP = {State.DRAFT, State.RECEIVED, State.ERASED}


def test_the_steps_of_a_report_lead_to_its_state(demonstration):
    steps = defaultdict(list)
    for step in everything(Step).order_by("at", "pk"):
        steps[step.report_id].append(step)
    for report in reports().exclude(state=State.DRAFT):
        state, moment = State.RECEIVED, report.created_at
        assert report.received_at <= report.created_at <= NOW
        for step in steps[report.pk]:
            assert (step.origin, step.target) in BY_PAIR
            assert step.origin == state
            assert moment <= step.at <= NOW
            moment = step.at
            if step.undone_at is None:
                state = step.target
        assert report.state == state, report.reference


def test_whoever_made_a_step_had_the_right_to(demonstration):
    for step in everything(Step).select_related("by__unit", "report"):
        right = BY_PAIR[step.origin, step.target].right
        if right == "answer":
            units = everything(Tasking).filter(report=step.report).values_list("unit", flat=True)
            assert step.by.unit_id in units
        elif right in {"triage", "direct"}:
            assert step.by.unit.is_cell


@pytest.mark.parametrize("state", sorted(set(State) - WITHOUT_A_STEP))
def test_the_last_step_can_be_undone_by_the_application_itself(demonstration, state):
    report = reports(state=state).first()
    last = life.last_step(report)
    life.undo(report, by=last.by)
    assert reports().get(pk=report.pk).state == last.origin


def test_some_wait_for_the_cell_and_few_of_them_late(demonstration):
    waiting = access.triable_reports(member("analyste"))
    late = [report for report in waiting if (NOW - report.received_at).days > 60]
    assert 5 <= waiting.count() <= 30
    assert len(late) <= waiting.count() / 3


# What it says.

SLOPPY = re.compile(
    r"[{}]|  |\b[àÀ] Les? |\b[dD]e Les? |\bde [AÉÈEIOUaéèeiou][a-z]|[a-z]:|\( | \)|\.\.|,,| ,"
)


def test_texts_are_written_once_and_cleanly(demonstration):
    texts = list(reports().values_list("facts", flat=True))
    assert all(text.strip() for text in texts)
    assert len(set(texts)) == len(texts)
    around_them = reports().values_list("subject", "comment", "place")
    for text in (*texts, *(part for parts in around_them for part in parts)):
        assert not SLOPPY.search(text), text


def test_there_are_more_than_eighty_templates_and_every_kind_has_its_voices():
    known = [voice.texts for voice in voices.VOICES.values()]
    assert sum(len(lines) for texts in known for lines in texts.values()) > 200
    spoken_of = {kind for texts in known for kind in texts}
    assert spoken_of == set(around.SUBJECTS)
    assert spoken_of <= KINDS


def test_what_a_report_is_matched_by_stands_in_its_text(demonstration):
    rows = everything(Identifier).select_related("report")
    assert {row.kind for row in rows} >= {"phone", "plate", "account", "alias"}
    assert all(row.raw in row.report.facts for row in rows)


def test_no_telephone_nor_plate_can_be_a_real_one(demonstration):
    values = defaultdict(set)
    for kind, value in everything(Identifier).values_list("kind", "value"):
        values[kind].add(value)
    assert all(value.startswith("+3363998") for value in values["phone"])
    french = {value for value in values["plate"] if re.fullmatch(r"[A-Z]{2}\d{3}[A-Z]{2}", value)}
    assert french
    assert all(value[0] in "QRSTVXYZ" for value in french)


def test_both_departments_meet_the_same_networks(demonstration):
    seed(reports=600)
    seen = defaultdict(set)
    shared = everything(Identifier).filter(kind__in=[IdentifierKind.PHONE, IdentifierKind.PLATE])
    for value, code in shared.values_list("value", "report__department__code"):
        seen[value].add(code)
    assert any(codes == {"54", "88"} for codes in seen.values())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Épinal", "à Épinal"),
        ("Le Thillot", "au Thillot"),
        ("Les Forges", "aux Forges"),
        ("La Bresse", "à La Bresse"),
    ],
)
def test_a_place_is_said_with_its_article(name, said):
    assert at(name) == said


@pytest.mark.parametrize(
    ("words", "how", "said"),
    [
        ("herbe", "de", "d'herbe"),
        ("cocaïne", "de", "de cocaïne"),
        ("une Clio", "de", "d'une Clio"),
        ("tous les jours", "c", "Tous les jours"),
        ("à Épinal", "c", "À Épinal"),
    ],
)
def test_words_fit_their_sentence(words, how, said):
    assert format(Words(words), how) == said


def test_the_last_quarter_has_something_to_show(demonstration):
    summaries = Summary.objects.filter(department__code="88", period="2026-Q3")
    assert {each.audience for each in summaries} == set(SummaryAudience)
    valley = {"Le Thillot", "Ramonchamp", "Fresse-sur-Moselle", "Bussang", "Rupt-sur-Moselle"}
    days = [
        received.date()
        for received in reports(commune__name__in=valley).values_list("received_at", flat=True)
    ]
    quarter = NOW.date().replace(month=7, day=1)
    assert sum(day >= quarter for day in days) > len(days) / 2


def test_the_story_is_told_where_and_when_its_table_says(demonstration):
    """What figures are to show hangs on it: nothing else is told there."""
    told = defaultdict(list)
    staged = reports(commune__name__in=("Bruyères", "Golbey", "Gérardmer", "Neufchâteau"))
    for name, received in staged.values_list("commune__name", "received_at"):
        told[name].append(received.date())
    quarter = date(2026, 7, 1)
    assert told["Bruyères"]  # comes up
    assert all(day > quarter for day in told["Bruyères"])
    rise = sum(day >= quarter for day in told["Golbey"])
    assert rise > len(told["Golbey"]) - rise > 0
    assert len(told["Gérardmer"]) > 5  # falls
    assert all(day < quarter for day in told["Gérardmer"])
    customs = reports(commune__name="Neufchâteau").values_list("owner__service__kind", flat=True)
    assert set(customs) == {"douane"}
    assert not staged.filter(audience=Audience.RESTRICTED).exists()


def test_the_prefecture_has_briefs_in_every_state_of_their_life(demonstration):
    """One corrected, one in force, one that waits for the court, a draft of the last month."""
    editions = {
        (edition.state, edition.summary.period): edition
        for edition in Edition.objects.select_related("summary")
    }
    assert sorted(editions) == [
        ("brouillon", "2026-09"),
        ("proposee", "2026-Q3"),
        ("publiee", "2026-Q1"),
        ("publiee", "2026-Q2"),
        ("remplacee", "2026-Q1"),
    ]
    first, corrected = editions["remplacee", "2026-Q1"], editions["publiee", "2026-Q1"]
    assert corrected.corrects == first
    assert first.words["action"] != corrected.words["action"]
    edition = editions["publiee", "2026-Q2"]
    assert edition.follows == corrected
    assert edition.created_by == member("prefecture")
    said = {step.by for step in edition.steps.filter(kind="validee")}
    assert said == {member("prefecture"), member("parquet.epinal")}
    assert all(edition.words[code] for code in ("opening", "places", "forms", "action", "cell"))
    for axis in edition.words["axes"]:
        assert axis["state"] in AXIS_STATES
        assert set(axis) == set(AXIS_FIELDS)
        assert "{" not in axis["deadline"]
    [copy] = copies.print_copies(
        edition, by=member("prefecture"), recipients=["Réunion de la cellule"], reason="Essai"
    )
    assert copy.content.startswith(b"%PDF")


def test_the_plate_that_the_readme_names_is_that_of_the_new_front(demonstration):
    """Whatever the day: the whole demonstration has some fifteen reports that tell it."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    [plate] = re.findall(r"search the plate `([A-Z-0-9]+)` as `liaison.douane`", readme)
    team = network("front 88")
    assert plate == team["plate"]
    told = reports(audience=Audience.PROTOCOL, department__code="88").values_list(
        "facts", flat=True
    )
    assert sum(team[slot] in facts for slot in ("plate", "phone", "alias") for facts in told) >= 2


def test_a_direction_often_says_what_is_expected(demonstration):
    said = Counter(bool(each.instruction) for each in everything(Tasking))
    assert said[True] > said[False] > 0
