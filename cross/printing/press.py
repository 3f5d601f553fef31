"""The press: from content to one file, PDF/UA-1 and PDF/A-3a at once, figures attached as CSV.

Words go to the typesetter as data, never as its own language: a text that reads `#read("…")` is
printed as such. It is a program of its own (`typesetter.py`). Same content, same bytes.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cross.outbox.interruptions import Killed
from cross.printing.blocks import (
    attachments_of,
    block_of,
    copy_of,
    frame,
    section_of,
    signatories_of,
)
from cross.printing.content import (
    Document,
    Entries,
    Figure,
    PrintError,
    Table,
    check_document,
)
from cross.printing.pictures import print_ready
from cross.printing.words import prose

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
TYPESETTER = HERE / "typesetter.py"
LONGEST_SECONDS = 30
ENDED_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM}
# all that the typesetter inherits: where shared libraries and temporary folders are, no secret
KEPT = ("LD_LIBRARY_PATH", "TMPDIR")


def press(document: Document) -> bytes:
    """The document as a PDF file. Raises PrintError when its content cannot be printed.

    Its date is `document.copy.printed_at`, so that the file can be made again.
    """
    check_document(document)
    return typeset(HERE / "document.typ", _data(document), document.copy.printed_at)


def typeset(template: Path, data: dict[str, Any], printed_at: datetime) -> bytes:
    """Data laid out by a template of ours, in the style of the house.

    `data["frame"]` is what `blocks.frame` makes.
    """
    return _run(
        {
            "source": _house() + template.read_text(),
            "inputs": {"document": json.dumps(data, ensure_ascii=False)},
            "printed_at": int(printed_at.timestamp()),  # the date of a PDF has whole seconds
        }
    )


def draw_png(figure: Figure) -> bytes:
    """A picture as PNG, on white. Raises PrintError on what must not be in it."""
    picture, *_ = print_ready(figure)
    source = (HERE / "picture.typ").read_text()
    return _run({"source": source, "inputs": {"picture": picture}})


@cache
def _house() -> str:
    return (HERE / "house.typ").read_text()


def _run(given: dict[str, Any]) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing typed on its command line
            [sys.executable, "-I", str(TYPESETTER)],
            input=json.dumps(given).encode(),
            capture_output=True,
            check=False,
            timeout=LONGEST_SECONDS,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise PrintError(
            f"La mise en page a pris plus de {LONGEST_SECONDS} secondes et a été arrêtée\u00a0:"
            " raccourcissez les textes ou l’annexe, puis imprimez de nouveau."
        ) from None
    told = done.stderr.decode(errors="replace").strip()
    if -done.returncode in ENDED_FROM_OUTSIDE:
        # Nothing is wrong with the text; a fault of memory would be its own, and come again.
        logger.warning("the press was ended by signal %d", -done.returncode)
        raise Killed(f"signal {-done.returncode}")
    if done.returncode:
        raise RuntimeError(f"the press failed: {told}")
    if told:
        logger.warning("press: %s", told)
    return done.stdout


def _data(document: Document) -> dict[str, Any]:
    copy = document.copy
    texts = ("title", "subject", "reference", "issuer", "state", "handling")
    tables = (block for block in document.blocks() if isinstance(block, Table))
    return {
        "frame": frame(
            copy,
            marking=document.marking,
            notice=document.notice,
            head=(document.title, document.scope, document.issuer),
            reference=document.reference,
            paper=document.paper,
        ),
        **{name: prose(getattr(document, name)) for name in texts},
        "copy": copy_of(copy),
        "about": block_of(Entries(document.about, columns=3)),
        "numbered": document.numbered,
        "sections": [section_of(section) for section in document.sections],
        "signatories": signatories_of(document.signatories),
        "attachments": list(attachments_of(tables, document.marking)),
    }
