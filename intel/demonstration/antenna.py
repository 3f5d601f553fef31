"""Two notes to the antenna: one that was sent, one that waits for an accord."""

from django.utils import timezone

from intel import access
from intel.actions import antenna
from intel.models import AntennaNote
from intel.models.choices import Handling, Mode
from services.models import Member
from services.roles import Role

SENT, WAITING = 5, 3
FAR = [Mode.TRANSPORT, Mode.COURIER, Mode.POSTAL]
NEAR = [Mode.SOCIAL_MEDIA, Mode.DELIVERY]


def tell_antenna(department):
    """Made once, by the analyst of the cell."""
    cell = Member.objects.in_duty().filter(unit__department=department, unit__is_cell=True)
    analyst = cell.select_related("unit__department").filter(role=Role.ANALYST).first()
    if analyst is None or AntennaNote.objects.filter(department=department).exists():
        return
    graded = access.told_freely(analyst).exclude(source_grade="")
    free = graded.filter(modes__overlap=FAR).order_by("-received_at", "-pk")
    references = list(free.values_list("reference", flat=True)[:SENT])
    if references:
        note = antenna.prepare(by=analyst, title="Approvisionnements venus d’autres régions")
        antenna.add(note, references, by=analyst)
        frozen = antenna.freeze(note, by=analyst)
        antenna.record_sent(
            frozen,
            by=analyst,
            sent_on=timezone.localdate(),
            sent_how="Messagerie sécurisée, accusé de réception le jour même",
        )
    near = access.tellable_reports(analyst).filter(modes__overlap=NEAR)
    held = access.told_with_accord(analyst).filter(handling=Handling.H2)
    chosen = [
        *near.order_by("-received_at", "-pk").values_list("reference", flat=True)[:WAITING],
        *held.order_by("-received_at", "-pk").values_list("reference", flat=True)[:1],
    ]
    note = antenna.prepare(by=analyst, title="Commandes par messagerie et livraison")
    if chosen:
        antenna.add(note, list(dict.fromkeys(chosen)), by=analyst)
