"""One edition of the local strategy brief, written and validated by the prefecture."""

import tomllib
from pathlib import Path

from django.utils import timezone

from intel.actions import editions
from intel.models import Edition, Summary, SummaryAudience
from services.models import Member
from services.roles import Role

WORDS = Path(__file__).parent / "texts" / "brief.toml"


def write_brief(department):
    """The brief of the last quarter told to the prefecture, where nobody has written it yet."""
    today = timezone.localdate()
    author = Member.objects.filter(unit__department=department, role=Role.PREFECTURE).first()
    told = Summary.objects.filter(department=department, audience=SummaryAudience.PREFECTURE)
    summary = told.quarters().order_by("-ends_on", "-version").first()
    if author is None or summary is None or Edition.objects.filter(department=department).exists():
        return
    title = f"Note de stratégie locale, {summary.label}"
    edition = editions.create(summary, by=author, title=title)
    text = WORDS.read_text(encoding="utf-8").replace("{next_year}", str(today.year + 1))
    written = tomllib.loads(text)
    words = {part: said.strip() for part, said in written["words"].items()}
    axes = [{name: said.strip() for name, said in axis.items()} for axis in written["axes"]]
    edition = editions.write(
        edition,
        by=author,
        title=title,
        words=edition.words | words | {"axes": axes},
        version=edition.version,
    )
    editions.validate(edition, by=author, version=edition.version)
