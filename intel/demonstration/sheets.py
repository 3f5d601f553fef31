"""What stands around one sheet: notes and tasks of a unit, a correction, a discussion, files, a
day of validity; and a draft that was thrown away."""

import io
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from intel import access
from intel.actions import (
    attachments,
    complements,
    corrections,
    discarded,
    previews,
    reports,
    unit_work,
)
from intel.models import Report, WorkingNote
from intel.models.choices import Origin
from intel.states import NOT_COMPLETED
from services.models import Member
from services.roles import Role

NOTE = "À croiser avec notre procédure de juin : même mode, même créneau."
TASK = "Rappeler le bailleur pour les caméras du parking"
CORRECTED = "Utilitaire blanc, galerie sur le toit"
SEEN = "Vu de près par notre patrouille : ce n’est pas une berline."
ASKED = "Est-ce bien l’entrée côté rue ? Notre patrouille n’a vu personne côté parc."
DRAFT = "Deux véhicules se rejoignent sur une aire, moteurs tournants, puis repartent."
INK, NIGHT, ROAD, VAN = "#f2f3f5", "#1d2433", "#454b57", "#dbe7fa"


def surround(department):
    """One example of each, between the first liaisons of the department; made once."""
    liaisons = list(
        Member.objects.in_duty()
        .filter(unit__department=department, role=Role.LIAISON)
        .select_related("unit__department")
        .order_by("pk")
    )
    made = WorkingNote.objects.filter(unit__in=[each.unit_id for each in liaisons])
    if len(liaisons) < 2 or made.exists():
        return
    found = next(_sheets(liaisons), None)
    if found is None:
        return
    owner, report = found
    other = next(each for each in liaisons if each.unit_id != owner.unit_id)
    work_apart(report, owner, other)
    discuss(report, owner, other)
    join_files(report, owner)
    date_it(report, owner)
    throw_away(report, owner)


def _sheets(liaisons):
    """Open reports that cite a place, the latest first; then any that is open."""
    for cites in (True, False):
        for liaison in liaisons:
            ours = access.shareable_reports(liaison).exclude(state__in=NOT_COMPLETED)
            ours = ours.exclude(origin=Origin.HUMAN_SOURCE)
            if cites:
                ours = ours.filter(place_observations__undone_at=None, identifiers__isnull=False)
                ours = ours.exclude(place_observations=None)
            report = ours.order_by("-received_at", "pk").first()
            if report is not None:
                yield liaison, report


def work_apart(report, owner, other):
    """Each unit keeps its own notes; the other one has something to do."""
    until = timezone.localdate() + timedelta(days=3)
    for liaison in (owner, other):
        unit_work.note(report, by=liaison, text=NOTE)
    unit_work.give(report, by=other, what=TASK, to=other, until=until)


def discuss(report, owner, other):
    corrections.propose(report, by=other, field="vehicles", value=CORRECTED, why=SEEN)
    complements.add(report, by=other, text=ASKED, units=[owner.unit])


def join_files(report, owner):
    """A photograph and two pages, drawn here: nobody's."""
    for name, data in (("passage.jpg", _photograph()), ("releve.pdf", _pages())):
        file = attachments.attach(report, by=owner, upload=ContentFile(data, name=name))
        previews.examine(file)


def date_it(report, owner):
    """Valid until a day that has passed since."""
    reports.set_validity(report, by=owner, until=timezone.localdate())
    last_week = timezone.localdate() - timedelta(days=7)
    Report.objects.filter(pk=report.pk).update(valid_until=last_week)


def throw_away(report, owner):
    fields = {"origin": Origin.SERVICE, "facts": DRAFT, "commune": report.commune}
    discarded.discard(reports.create(by=owner, fields=fields, draft=True), by=owner)


def _photograph():
    """A van at night, under a lamp."""
    picture = Image.new("RGB", (960, 600), NIGHT)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 430, 960, 600), fill=ROAD)
    pen.polygon([(700, 60), (560, 430), (860, 430)], fill="#3d4556")
    pen.rectangle((694, 60, 706, 430), fill=ROAD)
    pen.rounded_rectangle((200, 260, 560, 440), 18, fill=VAN)
    pen.rectangle((470, 290, 545, 350), fill=NIGHT)
    for x in (270, 480):
        pen.ellipse((x - 38, 402, x + 38, 478), fill="#111111")
    pen.text((24, 24), "Photographie fictive", fill=INK, font_size=26)
    return _saved([picture], "JPEG")


def _pages():
    pages = []
    for rank in (1, 2):
        page = Image.new("RGB", (827, 1169), "white")
        pen = ImageDraw.Draw(page)
        pen.text((80, 80), f"Passages du soir, page {rank}", fill=NIGHT, font_size=34)
        for line in range(18):
            said = f"{18 + line // 4} h {15 * (line % 4):02}   porte nord, un fourgon"
            pen.text((80, 170 + 46 * line), said, fill=NIGHT, font_size=24)
        pages.append(page)
    return _saved(pages, "PDF")


def _saved(pages, kind):
    held = io.BytesIO()
    first, *others = pages
    first.save(held, kind, **({"save_all": True, "append_images": others} if others else {}))
    return held.getvalue()
