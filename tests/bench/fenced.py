"""What row security costs a sheet: the same rows read under the role of the web process, or not.

A tenth of the reports of the department have the words of a source, a reserved annex and a file.
What is written is rolled back.
"""

from contextlib import ExitStack

from django.db import transaction
from django.test import Client

from cross import fence, gate
from intel import access
from intel.models import Annex, RawText
from tests.bench import world
from tests.bench.measure import Row, in_turn, ratio_row
from tests.web_role import web_role

SHEETS = 20  # read in one act, so that taking the role is no part of what is measured
KINDS = {
    "words of a source": access.readable_raw_texts,
    "reserved annexes": access.readable_annexes,
    "files": access.readable_attachments,
}


def rows(reader, label):
    with transaction.atomic():
        hang(reader)
        gate.forget()
        for kind, readable in KINDS.items():
            yield read_one_by_one(reader, kind, readable, label)
        yield whole_sheet(reader, label)
        transaction.set_rollback(True)
    gate.forget()


def hang(reader):
    which = "FROM intel_report WHERE department_id = %s ORDER BY id DESC LIMIT %s"
    chosen = (reader.department.pk, world.REPORTS // 10)
    world.run(
        f"""
        INSERT INTO intel_rawtext
          (report_id, unit_id, text, by_id, changed_at, attested_by_id, attested_at)
        SELECT id, owner_id, convert_to(facts, 'UTF8'), author_id, now(), author_id, now()
        {which}""",
        *chosen,
    )
    world.run(
        f"""
        INSERT INTO intel_attachment
          (report_id, reserved_to_id, file, name, content_type, size, sha256, by_id, at,
           scan, preview_note)
        SELECT id, owner_id, 'x', 'x', 'x', 1, 'x', author_id, now(), '', '' {which}""",
        *chosen,
    )
    world.run(
        f"""
        INSERT INTO intel_annex (report_id, unit_id, title, text, by_id, at)
        SELECT id, owner_id, 'x', facts, author_id, now() {which}""",
        *chosen,
    )
    world.run(
        """
        INSERT INTO intel_annexgroupgrant (permission_id, group_id, content_object_id)
        SELECT %s, u.group_id, a.id FROM intel_annex a JOIN services_unit u ON u.id = a.unit_id
        """,
        access.permission_id(Annex, "read_annex"),
    )
    world.run(
        "ANALYZE intel_rawtext, intel_attachment, intel_annex, intel_annexgroupgrant, intel_report"
    )


def our_own(reader):
    """Of the unit, and with everything on them."""
    ours = access.readable_reports(reader.member).filter(owner=reader.member.unit_id)
    return ours.exclude(raw_text=None).order_by("-id")


def behind(reader, act):
    """The same act, fenced: under the role, and with who reads in each statement."""

    def fenced():
        with ExitStack() as stack:
            stack.enter_context(web_role())
            stack.enter_context(fence.reading_as(reader.member))
            return act()

    return fenced


def read_one_by_one(reader, kind, readable, label):
    keys = list(our_own(reader).values_list("pk", flat=True)[:SHEETS])

    def act():
        return [list(readable(reader.member).filter(report=key)) for key in keys]

    fenced = behind(reader, act)
    assert fenced() == act()
    assert all(act()), "an empty page proves nothing"
    took = in_turn({"fenced": fenced, "open": act})
    ours, open_ = took["fenced"] / SHEETS, took["open"] / SHEETS
    return Row(f"{kind} of a sheet, behind the fence, {label}", ours, "ms", open_, ours / open_)


def whole_sheet(reader, label):
    client = Client()
    client.force_login(reader.member, backend="services.backend.MemberBackend")
    sheet = our_own(reader).first()
    sealed = RawText.objects.of(sheet).get()
    sealed.text = "Mot pour mot."  # the others were put there as octets that no key opens
    sealed.save(update_fields=["text"])
    address = sheet.get_absolute_url()

    def act():
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Votre unité seule le lit" in answer.content.decode()

    took = in_turn({"fenced": behind(reader, act), "open": act})
    name = f"response, a sheet with all of it, behind the fence, {label}"
    return ratio_row(name, took["fenced"], took["open"], 1.3, words="open")
