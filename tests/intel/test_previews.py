"""Files of a report: looked at by the scanner, drawn again without what they hide."""

import io
import socket
import threading

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cross import drawing, scanner
from cross.audit.models import Entry
from cross.outbox.models import Job
from intel import tasks
from intel.actions import attachments, drafts, malice, previews, reports
from intel.models import Attachment, Draft, DraftFile, Report
from intel.states import State
from tests import factories
from tests.clamd import CLEAN, FOUND, Clamd

EVERYBODY = ("diane", "karim", "louise", "bruno", "anna", "gilles", "rose", "claire", "ines",
             "tom", "paul")  # fmt: skip
READERS = {"diane", "karim", "louise", "bruno", "anna", "gilles"}


def picture(size=(300, 200), kind="JPEG", **said):
    held = io.BytesIO()
    Image.new("RGB", size, "#b34000").save(held, kind, **said)
    return held.getvalue()


def located():
    """A photograph that says where it was taken, by what, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = "TELEPHONE ESSAI"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"CHARDONNERET")


def pdf(pages=1, size=(300, 200)):
    document, held = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(*size)
    document.save(held)
    document.close()
    return held.getvalue()


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.fixture
def join(cast, report):
    """`join(name, data)` gives the attachment once the worker has looked at it."""

    def joined(name, data, look=True):
        upload = SimpleUploadedFile(name, data)
        attachment = attachments.attach(report, by=cast.diane, upload=upload)
        if look:
            previews.examine(attachment)
        return attachment

    return joined


def page(client, report):
    return client.get(report.get_absolute_url()).content.decode().replace("\u00a0", " ")


def shown(client, attachment, page=1):
    answer = client.get(f"/pieces/{attachment.key}/apercu/?page={page}")
    return answer.content if answer.status_code == 200 else None


# --- What is drawn ------------------------------------------------------------------------------


def test_an_image_loses_what_it_hides(cast, enter, report, join):
    data = located()
    assert b"TELEPHONE" in data
    attachment = join("photo.jpg", data)
    drawn = shown(enter(cast.louise), attachment)
    image = Image.open(io.BytesIO(drawn))
    assert (image.format, image.size) == ("WEBP", (200, 300))  # upright, and no longer says so
    assert not image.getexif()
    for secret in (b"TELEPHONE", b"CHARDONNERET", b"Exif", b"EXIF"):
        assert secret not in drawn
    html = page(enter(cast.louise), report)
    assert f'src="/pieces/{attachment.key}/apercu/?page=1"' in html
    assert 'alt="photo.jpg, page 1"' in html


def test_the_first_pages_of_a_pdf_are_drawn(cast, enter, report, join):
    attachment = join("releve.pdf", pdf(pages=drawing.MOST_PAGES + 2))
    assert attachment.previews == drawing.MOST_PAGES
    assert "10 premières pages sur 12" in page(enter(cast.louise), report)
    client = enter(cast.louise)
    assert Image.open(io.BytesIO(shown(client, attachment, 10))).size == (600, 400)
    for forged in (0, 11, 12, -1, "x", "1/../../x", "٣", "0001"):
        assert shown(client, attachment, forged) is None


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("abime.png", picture(kind="PNG")[:60], "abîmé"),
        ("abime.jpg", picture()[:400], "abîmé"),
        ("abime.pdf", b"%PDF-1.7\nrien", "abîmé"),
        ("geant.pdf", pdf(size=(14000, 14000)), ""),
        ("note.txt", b"Ce que dit la note.", ""),
    ],
)
def test_what_cannot_be_drawn_says_why_and_harms_nobody(
    cast, enter, report, join, name, data, told
):
    attachment = join(name, data)
    assert told in attachment.preview_note
    assert bool(told) == bool(attachment.preview_note)
    if name == "geant.pdf":
        drawn = Image.open(io.BytesIO(shown(enter(cast.diane), attachment)))
        assert max(drawn.size) <= drawing.WIDEST
    else:
        assert attachment.previews == 0
        assert shown(enter(cast.diane), attachment) is None
    assert told in page(enter(cast.louise), report)


def test_before_the_worker_has_looked_it_is_said(cast, enter, report, join):
    attachment = join("photo.jpg", picture(), look=False)
    assert "Aperçu en préparation" in page(enter(cast.louise), report)
    job = Job.objects.get(kind="examine_attachment")
    assert job.args == {"attachment": attachment.pk}
    tasks.examine_attachment(job, attachment.pk)
    assert Attachment.objects.of(report).get().previews == 1
    # A file removed meanwhile is nobody's fault.
    tasks.examine_attachment(job, attachment.pk + 1000)


def test_removed_or_erased_nothing_stays_on_the_disk(
    cast, vosges, report, join, django_capture_on_commit_callbacks
):
    def names(attachment):
        return [attachment.file.name, *map(attachment.preview_name, attachment.pages)]

    def left(held):
        return [name for name in held if default_storage.exists(name)]

    attachment = join("releve.pdf", pdf(3))
    previews.examine(attachment)  # done again: drawn anew, once
    held = names(attachment)
    assert len(left(held)) == len(held) == 4
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment, by=cast.diane)
    assert left(held) == []
    held = names(join("releve.pdf", pdf(3)))
    assert len(left(held)) == 4
    reports.erase_rows(report)
    job = Job.objects.get(kind="erase_left_behind")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.erase_left_behind(job, **job.args)
    assert left(held) == []


def test_what_whoever_erases_is_not_shown_leaves_the_disk_too(
    cast, vosges, enter, django_capture_on_commit_callbacks
):
    """Diane's source handed her a file, reserved to her unit; Anna of the cell erases the report:
    neither that file nor what Karim was typing is shown to her."""
    sourced = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
    reserved = attachments.attach(
        sourced, by=cast.diane, upload=SimpleUploadedFile("source.pdf", pdf(2))
    )
    previews.examine(reserved)
    drafts.keep(by=cast.karim, key=sourced.reference, fields={"facts": ["Dit tout bas."]})
    drafts.keep_file(
        by=cast.karim, key=sourced.reference, upload=SimpleUploadedFile("n.txt", b"tout bas")
    )
    typed = DraftFile.objects.unguarded(because="test").get().file.name
    held = [*reserved.file_names(), typed]
    assert all(map(default_storage.exists, held))
    assert len(held) == 4
    Report.objects.filter(pk=sourced.pk).update(state=State.ARCHIVED)
    sent = {"vers": State.ERASED, "why": "Délai échu"}
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            enter(cast.anna).post(f"{sourced.get_absolute_url()}etape/", sent).status_code == 302
        )
    assert not Attachment.objects.exists()
    job = Job.objects.get(kind="erase_left_behind")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.erase_left_behind(job, **job.args)
    assert [name for name in held if default_storage.exists(name)] == []
    assert not Draft.objects.exists()
    tasks.erase_left_behind(job, **job.args)  # done again, it finds nothing more


def test_a_malicious_tip_leaves_none_of_its_pages(
    cast, vosges, enter, django_capture_on_commit_callbacks
):
    tip = factories.report(cast.diane, vosges["Épinal"], origin="citizen")
    upload = SimpleUploadedFile("photo.pdf", pdf(3))
    attachment = attachments.attach(tip, by=cast.diane, upload=upload)
    stale = Attachment.objects.unguarded(because="test").get()
    previews.examine(attachment)
    held = attachment.file_names()
    assert all(map(default_storage.exists, held))
    with django_capture_on_commit_callbacks(execute=True):
        malice.forget(tip, by=cast.anna, malice="hoax")
    assert [name for name in held if default_storage.exists(name)] == []
    previews.examine(stale)  # read by the worker before it went
    assert [name for name in held if default_storage.exists(name)] == []


def test_pages_drawn_since_the_row_was_read_go_with_it(
    cast, join, django_capture_on_commit_callbacks
):
    attachment = join("releve.pdf", pdf(3), look=False)
    previews.examine(Attachment.objects.unguarded(because="test").get(pk=attachment.pk))
    drawn = [attachment.preview_name(rank) for rank in (1, 2, 3)]
    assert all(map(default_storage.exists, drawn))
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment, by=cast.diane)
    assert [name for name in drawn if default_storage.exists(name)] == []


# --- Who sees it --------------------------------------------------------------------------------


def test_who_sees_a_preview_and_its_line_in_the_journal(cast, enter, report, join):
    attachment = join("photo.jpg", picture())
    seen = {who for who in EVERYBODY if shown(enter(cast[who]), attachment)}
    assert seen == READERS
    lines = Entry.objects.filter(verb="attachment.previewed")
    assert lines.count() == len(READERS)
    answer = enter(cast.louise).get(f"/pieces/{attachment.key}/apercu/")
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_file_of_a_source_is_seen_by_its_unit_alone(cast, vosges, enter):
    sourced = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
    upload = SimpleUploadedFile("photo.jpg", picture())
    attachment = attachments.attach(sourced, by=cast.diane, upload=upload)
    previews.examine(attachment)
    assert {who for who in EVERYBODY if shown(enter(cast[who]), attachment)} == {"diane", "karim"}


# --- Quarantine ---------------------------------------------------------------------------------


@pytest.fixture
def clamd(settings):
    made = []

    def answering(answer):
        made.append(Clamd(lambda data: answer))
        made[-1].start()
        settings.SCANNER = made[-1].address
        return made[-1]

    yield answering
    for each in made:
        each.end()


def original(client, attachment):
    answer = client.get(f"/pieces/{attachment.key}/")
    return answer.status_code == 200 and b"".join(answer.streaming_content)


def test_a_clean_file_is_given_out(cast, enter, report, join, clamd):
    data = picture()
    scanner_of_ours = clamd(CLEAN)
    attachment = join("photo.jpg", data)
    assert scanner_of_ours.held == [data]
    assert original(enter(cast.louise), attachment) == data
    assert "En quarantaine" not in page(enter(cast.louise), report)


@pytest.mark.parametrize("answer", [None, b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_without_a_scanner_the_original_stays_in(
    cast, enter, report, join, settings, clamd, answer
):
    settings.SCANNER = ""
    if answer is not None:
        clamd(answer)
    attachment = join("photo.jpg", picture())
    html = page(enter(cast.louise), report)
    assert "En quarantaine" in html
    assert "L’antivirus n’est pas installé ou ne répond pas" in html
    assert "l’original ne s’ouvre pas, l’aperçu se lit sans risque" in html
    assert f'href="/pieces/{attachment.key}/"' not in html
    for who in ("diane", "louise"):
        answer = enter(cast[who]).get(f"/pieces/{attachment.key}/", follow=True)
        assert "est en quarantaine" in answer.content.decode()
        assert shown(enter(cast[who]), attachment)
    assert not Entry.objects.filter(verb="attachment.read").exists()
    assert enter(cast.paul).get(f"/pieces/{attachment.key}/").status_code == 404


def test_its_unit_alone_takes_it_out(cast, enter, report, join, settings):
    settings.SCANNER = ""
    attachment = join("photo.jpg", picture())
    address = f"/pieces/{attachment.key}/liberer/"
    for who in ("louise", "anna", "gilles", "rose", "paul"):
        assert enter(cast[who]).post(address).status_code == 404
        assert "Sortir de quarantaine" not in enter(cast[who]).get("/").content.decode()
    assert enter(cast.karim).post(address).status_code == 302
    assert original(enter(cast.louise), attachment)
    assert Entry.objects.get(verb="attachment.released").who == "Karim Essai"


def test_released_before_the_scanner_answers_it_goes_back_when_it_is_refused(
    cast, enter, report, join, settings
):
    settings.SCANNER = ""
    attachment = join("photo.jpg", picture())
    enter(cast.karim).post(f"/pieces/{attachment.key}/liberer/")
    assert original(enter(cast.louise), attachment)
    # Read by whoever is about to release it, refused by the scanner meanwhile.
    stale = Attachment.objects.unguarded(because="test").get(pk=attachment.pk)
    Attachment.objects.filter(pk=attachment.pk).update(scan=Attachment.Scan.INFECTED)
    assert not original(enter(cast.louise), attachment)
    with pytest.raises(ValidationError, match="ne peut pas sortir"):
        previews.release(stale, by=cast.karim)


def test_what_the_scanner_refuses_is_drawn_for_nobody_and_never_comes_out(
    cast, enter, report, join, clamd
):
    clamd(FOUND)
    attachment = join("photo.jpg", picture())
    html = page(enter(cast.diane), report)
    assert "L’antivirus la refuse" in html
    assert "Sortir de quarantaine" not in html
    enter(cast.diane).post(f"/pieces/{attachment.key}/liberer/")
    assert not original(enter(cast.diane), attachment)
    assert shown(enter(cast.diane), attachment) is None


def test_when_the_scanner_is_there_at_last_it_looks_at_what_was_left(
    join, settings, clamd, report
):
    settings.SCANNER = ""
    attachment = join("photo.jpg", picture())
    Job.objects.all().delete()
    assert previews.scan_again() == 0
    clamd(CLEAN)
    assert previews.scan_again() == 1
    previews.examine(attachment)
    assert Attachment.objects.of(report).get().scan == Attachment.Scan.CLEAN
    assert previews.scan_again() == 0


def test_a_scanner_on_a_socket_of_the_machine(tmp_path, settings):
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(tmp_path / "clamd.ctl"))
    door.listen()

    def answer():
        line, _ = door.accept()
        held = b""
        with line:
            # All of it: closed too soon, it would break the pipe under who still sends.
            while not held.endswith(b"rien" + bytes(4)) and (more := line.recv(1000)):
                held += more
            line.sendall(b"stream: OK\0")

    threading.Thread(target=answer, daemon=True).start()
    settings.SCANNER = f"unix://{tmp_path / 'clamd.ctl'}"
    assert scanner.scan(b"rien") == scanner.Verdict.CLEAN
    door.close()
    assert scanner.scan(b"rien") == scanner.Verdict.ABSENT
