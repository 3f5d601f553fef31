"""A planned operation that is sent twice is declared once."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel.models import DeconflictionHit, PlannedEvent


def typed(**more):
    start = timezone.localtime() + timedelta(days=1)
    return {
        "kind": "search", "commune": "Épinal", "contact": "Permanence",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    } | more  # fmt: skip


def test_one_form_sent_twice_is_one_operation_and_one_call(cast, vosges, enter):
    address, said = reverse("declare_event"), typed()
    enter(cast.diane).post(address, said | {"is_silent": ""})
    client = enter(cast.louise)
    first, again = (client.post(address, said) for _ in range(2))
    assert first.status_code == 302
    assert first.url == again.url
    assert DeconflictionHit.objects.unguarded(because="test").count() == 1
    assert Entry.objects.filter(verb="event.declared").count() == 2
    other = client.post(address, said | {"contact": "Chef de poste"})
    assert other.url != first.url
    cancelled = client.post(f"{first.url}annuler/")
    assert cancelled.status_code == 302
    assert client.post(address, said).url != first.url, "declared anew"
    assert PlannedEvent.objects.unguarded(because="test").count() == 4
