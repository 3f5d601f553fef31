"""Files that mean harm, at every door that takes files: what is received, what is shown of it.

The corpus and its verdicts are `tests/hostile_files`. Computing time is measured, not the clock:
the machine of the tests does other things meanwhile.
"""

import base64
import binascii
import io
import json
import os
import re
import resource
import socket
import struct
import time
import unicodedata
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import islice
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from cross import drawing, jail, uploads
from cross.drawing import inside as drawing_inside
from cross.jail.checks import the_kernel_closes_the_doors
from intel.actions import attachments, previews
from intel.exporting.sheets import write_sheet
from intel.extraction.cleaning import unguard_cell
from intel.importing import apart
from intel.importing.tables import TableError, open_table
from intel.models import Attachment
from protocols.models import Protocol
from tests import factories
from tests.clamd import CLEAN, FOUND, Clamd
from tests.hostile_files import CANARY, Hostile, documents, escapes, manifest, papers, pictures

SECONDS, MEGABYTES = 5, 512
EVERYBODY = ("diane", "karim", "louise", "bruno", "anna", "gilles", "rose", "claire", "ines",
             "tom", "paul")  # fmt: skip
WHOLE = bool(os.environ.get("CROSS_WHOLE"))


def every_file(*groups):
    found = manifest.files()
    return [file for group in groups or found for file in found[group]]


def sent(file):
    """As a form of a browser sends it, before Django has cleaned its name."""
    upload = ContentFile(file.data, name=file.name)
    upload.content_type = file.declared
    return upload


def computing():
    """Seconds of this process and of those that it started and that have ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


@contextmanager
def bounded(slowest, name):
    """Within so many seconds of computing; `slowest` keeps each."""
    before = computing()
    yield
    slowest[name] = computing() - before
    assert slowest[name] <= SECONDS, name


def memory():
    """Megabytes, the most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


@cache
def drawn_of(data, content_type):
    return drawing.pages_of(data, content_type)


@dataclass(frozen=True)
class Judged:
    """What became of a file, the sentence or the note that goes with it, its pages, its cost."""

    group: str
    file: Hostile
    became: str
    said: str
    pages: tuple[bytes, ...]
    seconds: float
    megabytes: int  # more than before, in the process that receives


@cache
def judged():
    """Every hostile file through what receives and what draws, once."""
    return [judge(group, file) for group, files in manifest.files().items() for file in files]


def judge(group, file):
    before, held = computing(), memory()
    try:
        data, content_type = uploads.check(sent(file))
    except ValidationError as refusal:
        became, said, pages = "refused", " ".join(refusal.messages), ()
    else:
        drawn = drawn_of(data, content_type)
        became, said, pages = ("shown" if drawn.drawn else "kept"), drawn.note, drawn.drawn
    return Judged(group, file, became, said, pages, computing() - before, memory() - held)


# --- The corpus -------------------------------------------------------------------------------


def test_every_hostile_file_meets_its_verdict(figure):
    """None passes for another: content, name and declared type agree, or it is refused."""
    wrong = [
        (each.file.name[:40], each.file.verdict, each.became, each.said)
        for each in judged()
        if each.became != each.file.verdict or each.file.said not in each.said
    ]
    assert wrong == []
    counts = Counter(each.became for each in judged())
    assert counts.total() >= 190
    told = ", ".join(f"{count} {became}" for became, count in counts.items())
    figure("B72", f"{counts.total()} hostile files: {told}; 0 taken for something else")


def test_a_bomb_harms_nobody(figure):
    slowest = max(judged(), key=lambda each: each.seconds)
    assert slowest.seconds <= SECONDS, slowest.file.name
    heaviest = max(judged(), key=lambda each: each.megabytes)
    assert heaviest.megabytes <= 200, heaviest.file.name
    assert drawing.MEGABYTES <= MEGABYTES  # the kernel holds what draws to it: `escapes.grow`
    bombs = sum(each.group in {"bombs", "entities of XML"} for each in judged())
    figure(
        "B73",
        f"{bombs} bombs among them: the slowest file takes {slowest.seconds:.1f} s, what draws "
        f"{drawing.MEGABYTES} MB at most, what receives {heaviest.megabytes} MB more",
    )


def test_what_is_shown_tells_neither_where_nor_by_whom(figure):
    """Parsed back: no place, no author, no device, no date, no small picture of it."""
    pages = [(each.file.name, page) for each in judged() for page in each.pages]
    for name, page in pages:
        image = Image.open(io.BytesIO(page))
        assert image.format == "WEBP"
        told = set(image.info) - {"background", "loop", "duration"}
        assert (dict(image.getexif()), told) == ({}, set()), name
        for secret in (CANARY, b"TELEPHONE", b"SERIE", b"GPS", b"xmp", b"<script", b"8BIM"):
            assert secret not in page, name
    assert len(pages) >= 50
    figure("B75", f"{len(pages)} pages drawn again: 0 place, device, author or date left")


def test_a_drawing_that_would_never_end_is_given_up(monkeypatch, figure):
    """Forms that draw forms, ten to the power of nine of them: stopped, and said so."""
    monkeypatch.setattr(drawing, "SECONDS", 2)
    data = papers.pdf(*papers.forms(10, 10), content=b"/X0 Do")
    before = computing()
    pages = drawing.pages_of(data, "application/pdf")
    spent = computing() - before
    assert pages == drawing.Pages((), drawing.NOTES["stopped"])
    assert spent < 4
    figure("B73", f"a drawing without end, of 2 s at most: given up after {spent:.1f} s")


def test_an_archive_is_known_from_its_table_alone():
    """Four gigabytes are refused without a single octet unpacked."""
    [file] = [each for each in every_file("bombs") if each.name == "pretendu.docx"]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert max(part.file_size for part in archive.infolist()) == 4_000_000_000
    assert judge("bombs", file).seconds < 1


@pytest.mark.parametrize("file", every_file("names"), ids=lambda file: repr(file.name[:12]))
def test_a_file_is_called_by_a_name_that_harms_nobody(file):
    name = uploads.served_name(sent(file), "image/png")
    assert name.endswith(".png")
    assert name.isprintable()
    assert unicodedata.is_normalized("NFC", name)
    assert 5 <= len(name) <= 200
    assert not re.match(r"(?i)(con|nul|lpt1)\.|\.", name)
    assert not set("/\\\0\r\n") & set(name)


# --- The jail ---------------------------------------------------------------------------------


def run_in_jail(what, given=b"", **limits):
    work = f"tests/hostile_files/escapes.py:{what.__name__}"
    return jail.run(work, given, **({"seconds": 5, "megabytes": 500, "gives": 1} | limits))


def test_nothing_gets_out_of_the_jail(tmp_path, figure, monkeypatch):
    """No connection, no program, no process, no file: the kernel refuses, whoever asks."""
    there = tmp_path / "there"
    there.write_text("x")
    monkeypatch.setenv("CROSS_SECRET_KEY", "canari")
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.5)
        tries = {
            escapes.connect: f"127.0.0.1:{door.getsockname()[1]}",
            escapes.start: "",
            escapes.fork: "",
            escapes.write: str(tmp_path / "made"),
            escapes.remove: str(there),
            escapes.kill: str(os.getpid()),
            escapes.grow: "",
        }
        got = {what.__name__: run_in_jail(what, said.encode()) for what, said in tries.items()}
        with pytest.raises(TimeoutError):
            door.accept()
    assert got == dict.fromkeys(got, escapes.IN)
    assert there.exists()
    assert not (tmp_path / "made").exists()
    assert b"CROSS" not in run_in_jail(escapes.environment)
    figure("B80", f"{len(got)} ways out of {len(got)} shut: 0 connection, program, process, file")


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """What a decoder that was taken over would read first. Each is there, and readable by us."""
    keys = tmp_path / "keys" / "1.key"
    keys.parent.mkdir()
    keys.write_bytes(b"canari")
    monkeypatch.setenv("CROSS_SECRET_KEY", "canari")
    found = [keys, *map(Path, ("/etc/passwd", "/proc/self/environ", "/proc/self/mem", "/"))]
    found += [Path(f"/proc/{os.getpid()}/environ"), Path(jail.__file__), tmp_path / "absent"]
    assert all(path.exists() for path in found[:-1])
    return [str(path) for path in found]


@pytest.mark.parametrize(
    "way", [escapes.read, escapes.read_by_number], ids=lambda way: way.__name__
)
def test_nothing_of_the_disk_is_read_in_the_jail(secrets, way, figure):
    """Nor is it told whether a file is there: absent and present are one answer."""
    # The same ways, out of the jail: they do read.
    assert all(next(way(path.encode())).startswith(escapes.OUT) for path in secrets[:2])
    got = {path: run_in_jail(way, path.encode()) for path in secrets}
    assert got == dict.fromkeys(secrets, escapes.IN)
    figure("B80", f"{way.__name__}: {len(got)} files of keys, accounts, processes: 0 read")


def test_no_other_process_is_reached_from_the_jail():
    assert run_in_jail(escapes.reach_by_number, str(os.getpid()).encode()) == escapes.IN
    assert run_in_jail(escapes.signal_all) == escapes.IN


def test_no_file_is_opened_where_the_kernel_closes_no_door(monkeypatch, tmp_path):
    """A machine whose calls are not known: limits hold alone, and the checks say so."""
    assert the_kernel_closes_the_doors(None) == []
    open_inside = tmp_path / "inside.py"
    said = jail.INSIDE.read_text().replace("MACHINES.get(", "{}.get(")
    said = said.replace("Path(__file__).resolve().parents[2]", repr(Path.cwd()))
    open_inside.write_text("from pathlib import PosixPath\n" + said)
    monkeypatch.setattr(jail, "INSIDE", open_inside)
    assert run_in_jail(escapes.read_whole, b"/etc/passwd") == escapes.IN
    assert run_in_jail(escapes.write, str(tmp_path / "made").encode()) == escapes.IN
    assert [told.id for told in the_kernel_closes_the_doors(None)] == ["cross.W001"]


def honest_pictures():
    """Every way that an honest picture is written."""
    colours = Image.radial_gradient("L").resize((90, 60))
    rgb = Image.merge("RGB", (colours, colours.rotate(180), colours))
    yield from (
        ("PNG", colours.convert(mode), {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
    )
    yield from (("JPEG", rgb.convert(mode), {"quality": 80}) for mode in ("L", "RGB", "CMYK"))
    yield "JPEG", rgb, {"progressive": True, "exif": pictures.exif()}
    yield "WEBP", rgb, {"lossless": True}
    yield "WEBP", rgb.convert("RGBA"), {"quality": 60}
    yield "WEBP", rgb, {"save_all": True, "append_images": [rgb.rotate(90)]}


def honest_papers():
    """A text in a font of every reader, in one that a machine may have, in one that none has."""
    for kind, name in (("Type1", "Helvetica"), ("TrueType", "DejaVuSans"), ("TrueType", "Absent")):
        font = f"/Font << /F0 << /Type /Font /Subtype /{kind} /BaseFont /{name} >> >>"
        said = f"/Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << {font} >>"
        text = papers.stream(b"BT /F0 24 Tf 40 90 Td (Signalement) Tj ET", said.encode())
        yield name, papers.pdf(text, content=b"/X0 Do", pages=3)


def drawn_outside(data, **asked):
    told = {"most_pixels": 10**7, "most_pages": 10, "widest": 1400, "highest": 2000} | asked
    return b"".join(drawing_inside.pages(json.dumps(told).encode() + b"\n" + data))


def test_every_honest_file_is_drawn_in_the_jail_as_out_of_it(figure):
    """Nothing that a decoder needs is missing once the doors are closed."""
    ways = list(honest_pictures())
    for kind, picture, how in ways:
        held = io.BytesIO()
        picture.save(held, kind, **how)
        pages = drawing.pages_of(held.getvalue(), Image.MIME[kind])
        assert (len(pages.drawn), pages.note) == (1, ""), (kind, picture.mode)
        assert pages.drawn[0] in drawn_outside(held.getvalue(), is_pdf=False), (kind, picture.mode)
    for name, paper in honest_papers():
        pages = drawing.pages_of(paper, "application/pdf")
        assert (len(pages.drawn), pages.note) == (3, ""), name
        # The word is there: no font of the machine is read, those of the reader stand in.
        darkest = Image.open(io.BytesIO(pages.drawn[2])).convert("L").getextrema()[0]
        assert darkest < 64, name
        if name == "Helvetica":
            assert pages.drawn[2] in drawn_outside(paper, is_pdf=True)
    figure("B80", f"{len(ways)} ways to write a picture, 3 fonts: drawn in the jail as out of it")


def honest_tables(folder):
    rows = [["A-1", "Épinal", "2026-09-17"], ["A-2", "Golbey – œuvre", "avec ; et «\u00a0»"]]
    for kind in ("csv", "xlsx", "ods"):
        path = folder / kind
        with path.open("wb") as file:
            write_sheet(kind, file, ["a", "b", "c"], rows)
        yield path
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        path = folder / encoding
        lines = ["a\tb\tc", *("\t".join(row) for row in rows)]
        path.write_text("\n".join(lines), encoding=encoding)
        yield path
    # Another program declares its encoding; the name of a part is not in ASCII.
    path = folder / "latin"
    sheet = "<?xml version='1.0' encoding='ISO-8859-15'?><worksheet><sheetData><row r='1'>"
    sheet += "".join(f"<c t='str'><v>{title}</v></c>" for title in ("é", "b")) + "</row>"
    sheet += "</sheetData></worksheet>"
    path.write_bytes(documents.xlsx({"xl/média.txt": "x"}, sheet=sheet.encode("iso-8859-15")))
    yield path


def test_every_honest_table_is_read_in_the_jail_as_out_of_it(tmp_path):
    for path in honest_tables(tmp_path):
        outside, inside = open_table(path), apart.opened_apart(path, rows=10)
        assert inside.header == outside.header
        assert inside.rows == tuple(outside.rows()), path.name
        assert (inside.notes, inside.estimate) == (outside.notes, outside.estimate)


def test_what_was_given_back_before_the_end_is_kept():
    with pytest.raises(jail.Broken) as broken:
        run_in_jail(escapes.last, seconds=1)
    assert broken.value.told == b"first"


def test_what_comes_back_from_the_jail_has_an_end(figure):
    """Whoever asked holds it in memory: a decoder that pours is stopped at what was agreed."""
    before = memory()
    with pytest.raises(jail.Broken) as broken:
        run_in_jail(escapes.pour, gives=3)
    assert len(broken.value.told) == 3_000_000
    assert memory() - before < 30
    figure("B80", "a decoder that never stops giving back: stopped at the 3 MB agreed")


def test_what_comes_back_from_the_jail_is_looked_at(monkeypatch):
    """A drawing program that was taken over gives back what it likes; it is not kept."""
    located = io.BytesIO()
    Image.new("RGB", (20, 20)).save(located, "WEBP", xmp=b"<x:xmpmeta/>")
    for page in (b"<html>", located.getvalue(), b"RIFF\0\0\0\0WEBP" + bytes(40)):
        told = struct.pack(">cI", b"P", len(page)) + page
        monkeypatch.setattr(jail, "run", lambda *_, told=told, **__: told)
        pages = drawing.pages_of(b"", "image/png")
        assert pages == drawing.Pages((), drawing.NOTES["stopped"])
    monkeypatch.setattr(jail, "run", lambda *_, **__: struct.pack(">cI", b"P", 99) + b"cut")
    assert not drawing.pages_of(b"", "image/png").drawn


@pytest.mark.parametrize(
    "told", [b"", b"[", b"[" * 200_000, b"[]", b"{}", b'{"header": 5, "notes": 1, "rows": [1]}']
)
def test_what_is_no_table_is_refused_as_one(monkeypatch, tmp_path, told):
    path = tmp_path / "table.csv"
    path.write_text("a;b")
    monkeypatch.setattr(jail, "run", lambda *_, **__: told)
    with pytest.raises(TableError, match="il est refusé"):
        apart.opened_apart(path, rows=2)


@pytest.mark.parametrize(
    ("drawn", "whole", "ended", "note"),
    [
        (1, 5, False, "Première page sur 5."),
        (3, 5, True, "3 premières pages sur 5."),
        (3, 3, True, ""),
        (2, 0, True, "2 premières pages."),
        (1, 10**4000, False, "Première page sur 5."),
    ],
)
def test_how_much_was_drawn_is_told_as_it_is(monkeypatch, drawn, whole, ended, note):
    held = io.BytesIO()
    Image.new("RGB", (20, 20)).save(held, "WEBP")
    frames = [(b"W", whole.to_bytes(1 + whole.bit_length() // 8))] if whole else []
    if whole > 10**9:  # what is too long for a number is none
        frames.append((b"W", b"\5"))
    frames += [(b"P", held.getvalue())] * drawn
    told = b"".join(struct.pack(">cI", kind, len(each)) + each for kind, each in frames)

    def run(*_, **__):
        if ended:
            raise jail.Broken("time", told)
        return told

    monkeypatch.setattr(jail, "run", run)
    pages = drawing.pages_of(b"", "image/png")
    assert (len(pages.drawn), pages.note) == (drawn, note)


# --- Tables -----------------------------------------------------------------------------------


def said_apart(path):
    try:
        apart.opened_apart(path, rows=2_000)
    except TableError as refused:
        return str(refused)
    return ""


def test_a_hostile_table_is_refused_or_read_within_bounds(tmp_path, figure):
    slowest, tables, before = {}, manifest.tables(), memory()
    for rank, table in enumerate(tables):
        path = tmp_path / "table"
        path.write_bytes(table.data)
        with bounded(slowest, table.name):
            try:
                said = ""
                list(islice(open_table(path).rows(), 2_000))
            except TableError as refused:
                said = str(refused)
        if rank % 8 == 0:  # apart, the same sentence
            assert said_apart(path) == said
        assert table.said in said, (table.name, said)
        assert bool(table.said) == bool(said), (table.name, said)
    assert memory() - before <= 200
    assert apart.MEGABYTES <= MEGABYTES
    refused = sum(bool(table.said) for table in tables)
    figure(
        "B78",
        f"{len(tables)} hostile tables: {refused} refused, the others read as text; the slowest "
        f"takes {max(slowest.values()):.1f} s",
    )


PAYLOADS = [
    lead + body
    for lead in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "'=", "＝", "＋")
    for body in (
        "1+1", 'HYPERLINK("http://exemple.invalid";"clic")', "cmd|' /C calc'!A0",
        'WEBSERVICE("http://exemple.invalid")', "DDE(\"cmd\";\"/C calc\";\"x\")",
    )
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_no_formula_leaves_in_an_export(tmp_path, kind, figure):
    """Read back: every cell is a text whose first character opens no formula, and none is lost."""
    file, path = io.BytesIO(), tmp_path / "export"
    write_sheet(kind, file, ["a", "b"], [["x", payload] for payload in PAYLOADS])
    path.write_bytes(file.getvalue())
    cells = [row.cells[1] for row in open_table(path).rows()]
    assert len(cells) == len(PAYLOADS) == 60
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")] == []
    assert [unguard_cell(cell).split() for cell in cells] == [each.split() for each in PAYLOADS]
    if kind != "csv":
        with zipfile.ZipFile(path) as archive:
            text = b"".join(map(archive.read, archive.namelist()))
        assert not re.search(rb"<f[ >]|formula=|value-type=\"float\"|t=\"(?:n|str)\"", text)
    figure("B77", f"{kind}: {len(PAYLOADS)} payloads, 0 formula, nothing lost")


# --- Every door -------------------------------------------------------------------------------

NEW = "/renseignements/nouveau/"
FACTS = "Deux hommes vendent dans le hall tous les soirs."


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.fixture
def doors(cast, vosges, report, enter, tmp_path):
    """{what: post(file)} of every door that takes files."""
    protocol = Protocol.objects.get(department=vosges.department)
    diane, anna, marc = map(enter, (cast.diane, cast.anna, cast.marc))

    def upload(file):
        name = file.name or "x"
        return SimpleUploadedFile(
            "".join(c for c in name if c not in '\r\n"'), file.data, "application/octet-stream"
        )

    def to_report(file):
        address = f"{report.get_absolute_url()}pieces/"
        return diane.post(address, {"upload": upload(file)})

    def to_entry(file):
        sent = {"facts": FACTS, "commune": "", "files": upload(file)}
        answer = diane.post(NEW, sent)
        assert FACTS in answer.content.decode()  # what was typed is there, whatever came with it
        return answer

    def to_paste(file):
        inside = base64.encodebytes(file.data[:5_000_000])
        mail = b"From: a@b.invalid\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
        mail += b"boundary=x\n\n--x\nContent-Type: text/plain\n\nTexte\n--x\n"
        mail += b"Content-Type: image/png; name=piece.png\nContent-Disposition: attachment\n"
        mail += b"Content-Transfer-Encoding: base64\n\n" + inside + b"--x--\n"
        diane.post("/renseignements/coller/", {"file": upload(file)})
        return diane.post(
            "/renseignements/coller/", {"file": SimpleUploadedFile("mail.eml", mail)}
        )

    def to_protocol(file):
        return marc.post(f"/protocoles/{protocol.key}/annexes/", {"upload": upload(file)})

    def to_import(file):
        return anna.post(reverse("import_new"), {"portal": "Portail", "file": upload(file)})

    def to_totals(file):
        return marc.post(reverse("import_totals"), {"file": upload(file)})

    def to_neighbourhoods(file):
        path = tmp_path / "quartiers"
        path.write_bytes(file.data)
        with pytest.raises(CommandError):
            call_command("load_neighbourhoods", str(path), department="88")

    return {
        "report": to_report, "entry": to_entry, "paste": to_paste, "protocol": to_protocol,
        "import": to_import, "totals": to_totals, "neighbourhoods": to_neighbourhoods,
    }  # fmt: skip


@pytest.mark.parametrize("door", ["report", "entry", "paste", "protocol", "import", "totals",
                                  "neighbourhoods"])  # fmt: skip
def test_no_door_breaks_on_a_hostile_file(doors, door, figure):
    """All of them with `--slow`; one out of twenty, not the same for two doors, otherwise."""
    files = [*every_file(), *manifest.tables()]
    chosen = files if WHOLE else files[list(doors).index(door) :: 20]
    slowest = {}
    for file in chosen:
        with bounded(slowest, file.name):
            answer = doors[door](file)
        assert answer is None or answer.status_code in {200, 302, 422}, file.name
    figure(
        "B72", f"{door}: {len(chosen)} files sent, 0 error, at most {max(slowest.values()):.1f} s"
    )


def test_what_is_refused_says_why_in_the_page(doors):
    for said in (manifest.MACROS, manifest.POINTS, manifest.TWO, manifest.ACTIVE):
        file = next(each for each in every_file() if each.said == said)
        answer = doors["report"](file)
        assert answer.status_code == 422
        assert said in unescape(answer.content.decode()).replace("\u00a0", " ")


# --- What is served ---------------------------------------------------------------------------


def read(answer):
    """Its octets, to the last: a file that is served is closed then."""
    return b"".join(answer) if answer.streaming else answer.content


def test_a_file_that_is_served_runs_nowhere(cast, report, enter, figure):
    """To be saved under a name of ours, in a page of its own where no script runs."""
    served = 0
    for file in every_file("pages and scripts", "names", "PDF that act"):
        if file.verdict == "refused":
            continue
        attachment = attachments.attach(report, by=cast.diane, upload=sent(file))
        answer = enter(cast.louise).get(f"/pieces/{attachment.key}/")
        disposition = answer["Content-Disposition"]
        assert disposition.startswith("attachment; filename"), disposition
        assert not set("\r\n\0") & set(disposition)
        assert disposition.isascii()
        assert answer["Content-Type"] in uploads.ACCEPTED
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "allow-" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
        assert read(answer) == file.data
        served += 1
    figure("B76", f"{served} files served: 0 shown by the browser, 0 that may run a script")


def test_a_file_has_no_address_of_its_own(cast, report, enter, figure):
    """What lies on the disk is reached by the gate alone; hidden, it is as if it were absent."""
    hidden = factories.report(cast.diane, report.commune, units=[cast.louise.unit])
    upload = SimpleUploadedFile("photo.png", manifest.i.plain())
    attachment = attachments.attach(hidden, by=cast.diane, upload=upload)
    previews.examine(attachment)
    key, stored = attachment.key, [attachment.file.name, attachment.preview_name(1)]
    assert all(map(default_storage.exists, stored))
    seen, tried = {"diane", "karim", "louise"}, 0
    for who in EVERYBODY:
        client = enter(cast[who])
        for address in (f"/pieces/{key}/", f"/pieces/{key}/apercu/?page=1"):
            answer = client.get(address)
            read(answer)
            assert answer.status_code == (200 if who in seen else 404), (who, address)
            tried += 1
        for name in stored:
            for folder in ("/", "/files/", "/media/", "/protocoles/"):
                assert client.get(f"{folder}{name}").status_code == 404
                tried += 1
    figure(
        "B20",
        f"{tried} addresses of files tried by {len(EVERYBODY)} members, 0 open to one who may not",
    )


# --- The scanner ------------------------------------------------------------------------------


def unwrapped(data):
    """What a scanner looks into: the octets, the parts of an archive, of a message, of a PDF."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from map(archive.read, archive.namelist())
    for found in re.finditer(rb"stream\n(.*?)\nendstream", data, re.S):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue
    for found in re.finditer(rb"\n\n([A-Za-z0-9+/=\n]+)$", data):
        try:
            yield base64.b64decode(found[1])
        except binascii.Error:
            continue


def answer_of_antivirus(data):
    """It finds the test file of antivirus makers, however deep."""
    return FOUND if any(manifest.EICAR in each for each in unwrapped(data)) else CLEAN


@pytest.fixture
def clamd(settings):
    running = Clamd(answer_of_antivirus)
    running.start()
    settings.SCANNER = running.address
    yield running
    running.end()


def opens(client, attachment):
    answer = client.get(f"/pieces/{attachment.key}/")
    read(answer)
    return answer.status_code == 200


def test_the_scanner_finds_what_is_wrapped_and_nothing_comes_out(
    cast, report, enter, clamd, figure
):
    client, blocked = enter(cast.diane), 0
    infected = manifest.infected()
    for name, data in infected.items():
        upload = SimpleUploadedFile(name, data)
        attachment = attachments.attach(report, by=cast.diane, upload=upload)
        assert not opens(client, attachment)  # before it was looked at
        previews.examine(attachment)
        assert attachment.scan == Attachment.Scan.INFECTED, name
        client.post(f"/pieces/{attachment.key}/liberer/")
        assert not opens(client, attachment)
        assert not attachment.previews
        blocked += 1
    figure("B74", f"{blocked} wrappings of {len(infected)} blocked")


def test_a_scanner_that_dies_lets_nothing_out_and_catches_up(
    cast, report, enter, clamd, settings, figure
):
    client = enter(cast.diane)
    clamd.end()
    kept = [
        attachments.attach(
            report, by=cast.diane, upload=SimpleUploadedFile(f"note{rank}.txt", b"note %d" % rank)
        )
        for rank in range(6)
    ]
    for attachment in kept:
        previews.examine(attachment)
    assert {attachment.scan for attachment in kept} == {Attachment.Scan.ABSENT}
    assert not any(opens(client, attachment) for attachment in kept)
    back = Clamd(answer_of_antivirus)
    back.start()
    settings.SCANNER = back.address
    started = time.process_time()
    assert previews.scan_again() == len(kept)
    for attachment in kept:
        previews.examine(attachment)
    assert all(opens(client, attachment) for attachment in kept)
    back.end()
    spent = time.process_time() - started
    figure(
        "B74", f"without scanner 0 of {len(kept)} let out; back, all looked at in {spent:.1f} s"
    )
