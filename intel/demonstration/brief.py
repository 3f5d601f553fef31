"""The briefs of a department: one corrected, one in force, one that waits for a court, a draft."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path

import pgtrigger
from django.utils import timezone

from intel import access
from intel.actions import edition_life, editions
from intel.demonstration.copies import hand_out
from intel.models import Edition, EditionStep, Summary, SummaryAudience
from services.models import Member
from services.roles import Role

WORDS = Path(__file__).parent / "texts" / "brief.toml"
QUARTERS = 3
MADE_AFTER = timedelta(days=20)  # the end of the period
WHY = "La rencontre avec les bailleurs était annoncée comme tenue : elle a été reportée."
SAID, CORRECTED = (
    "- Rencontres avec les bailleurs et les chefs d’établissement.",
    "- Rencontres avec les chefs d’établissement ; celle des bailleurs est reportée.",
)
# What keeps the past from being rewritten; an invented past has to be written once.
NEVER_CHANGED = (
    "intel.Edition:published_never_changes",
    "intel.EditionStep:edition_steps_append_only",
)


def write_briefs(department):
    """Those of the last quarters told to the prefecture, where nobody has written any yet."""
    author = _of_role(department, Role.PREFECTURE)
    told = Summary.objects.filter(department=department, audience=SummaryAudience.PREFECTURE)
    if author is None or Edition.objects.filter(department=department).exists():
        return
    quarters = list(told.quarters().latest_versions().order_by("-ends_on")[:QUARTERS])
    judge = _of_role(department, Role.PROSECUTOR)
    if judge is None or not access.bench_of(judge, department.pk):
        for summary in quarters[:1]:
            _written(summary, author)
        return
    *past, last = reversed(quarters) if quarters else [None]
    for rank, summary in enumerate(past):
        edition = _published(_written(summary, author), author, judge)
        if rank == 0:
            hand_out(edition, by=author)
            _published(_corrected(edition, author), author, judge, later=timedelta(days=9))
    if last:
        edition = _written(last, author)
        edition_life.validate(edition, by=author, version=edition.version)
    months = told.briefed().latest_versions().exclude(period__contains="Q")
    month = months.order_by("-ends_on").first()
    if month:
        editions.create(month, by=author, title=f"Note de stratégie locale, {month.label}")


def _of_role(department, role):
    return Member.objects.filter(unit__department=department, role=role).order_by("pk").first()


def _written(summary, author):
    """With what an officer could have written around the figures."""
    title = f"Note de stratégie locale, {summary.label}"
    edition = editions.create(summary, by=author, title=title)
    next_year = str(timezone.localdate().year + 1)
    text = WORDS.read_text(encoding="utf-8").replace("{next_year}", next_year)
    written = tomllib.loads(text)
    words = {part: said.strip() for part, said in written["words"].items()}
    if not edition.parts["strategy"]:
        axes = [{name: said.strip() for name, said in axis.items()} for axis in written["axes"]]
        words |= {"axes": axes}
    return editions.write(
        edition, by=author, title=title, words=edition.words | words, version=edition.version
    )


def _corrected(edition, author):
    made = edition_life.correct(edition, by=author, why=WHY)
    words = made.words | {"action": made.words["action"].replace(SAID, CORRECTED)}
    return editions.write(made, by=author, title=made.title, words=words, version=made.version)


def _published(edition, author, judge, later=timedelta()):
    """Validated by both, published, and dated as it would have been in life."""
    for by in (author, judge):
        edition_life.validate(edition, by=by, version=edition.version)
    edition = edition_life.publish(edition, by=author, version=edition.version)
    day = edition.summary.ends_on + MADE_AFTER + later
    at = timezone.make_aware(datetime.combine(day, time(10, 30)))
    with pgtrigger.ignore(*NEVER_CHANGED):
        Edition.objects.filter(pk=edition.pk).update(
            created_at=at - timedelta(days=3), published_at=at
        )
        Edition.objects.filter(pk=edition.corrects_id).update(replaced_at=at)
        EditionStep.objects.filter(edition=edition).update(at=at)
        EditionStep.objects.filter(edition=edition.corrects_id, kind="remplacee").update(at=at)
    edition.refresh_from_db()
    return edition
