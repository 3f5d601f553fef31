"""PDF: what acts when it is opened, what never ends, what is kept together and hidden there."""

import zlib

from tests.hostile_files import CANARY


def pdf(*objects, root="", pages=1, box="0 0 300 200", content=b"", info=b""):
    """A PDF whose first objects are its catalogue, its pages and what they draw."""
    kids = " ".join(f"{10 + rank} 0 R" for rank in range(pages))
    made = {
        1: f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: stream(content),
        4: b"<< /Title (Releve) /Author (" + CANARY + b") " + info + b">>",
    }
    for rank in range(pages):
        made[10 + rank] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 3 0 R "
            "/Resources << /XObject << /X0 5000 0 R >> >> >>"
        ).encode()
    made |= {5000 + rank: each for rank, each in enumerate(objects)}
    body, places = b"%PDF-1.7\n", {}
    for number, each in sorted(made.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    return body + (
        b"trailer << /Size 9000 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table
    )


def stream(content, said=b"", *, deflated=False):
    if deflated:
        content, said = zlib.compress(content, 9), said + b" /Filter /FlateDecode"
    return b"<< /Length %d %b >>\nstream\n" % (len(content), said) + content + b"\nendstream"


def group(content, size=None):
    """Objects kept together, as most programs write them."""
    return stream(content or b" " * size, b"/Type /ObjStm /N 1 /First 4", deflated=True)


def forms(depth, each):
    """Drawings that call one another: `each` to the power of `depth` of them."""
    for rank in range(depth):
        calls = b"/X0 Do " * each if rank < depth - 1 else b"0 0 1 1 re f "
        uses = b"/Resources << /XObject << /X0 %d 0 R >> >>" % (5001 + rank)
        yield stream(calls, b"/Type /XObject /Subtype /Form /BBox [0 0 300 200] " + uses)


def bitmap(side):
    """An image of so many points a side, all alike: it deflates to little."""
    points = zlib.compress(b"\0" * (side // 8 * side), 9)
    said = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
        b"/BitsPerComponent 1 /Filter /FlateDecode /Length %d >>" % (side, side, len(points))
    )
    return said + b"\nstream\n" + points + b"\nendstream"
