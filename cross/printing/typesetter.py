"""The typesetter: a program that sets one document, or draws one picture, and ends.

It reads {"source": …, "inputs": {…}, "printed_at": seconds} on its input and writes the PDF on its
output; without `printed_at`, the single page as a PNG. A program of its own because typst keeps
what it computed for the next call: in a process that lives on, each copy printed would leave some
15 MB behind. It also knows no secret of the application and can be stopped when it takes too long.

Nothing of the document is written to the disk: the template sees an empty folder, made for the
call and removed after it, where packages are looked for too.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

HERE = Path(__file__).parent
# Points an inch of a picture: a map of 800 units fills a slide.
DOTS = 192


def set_document(given: dict[str, Any]) -> tuple[bytes, list[str]]:
    """The file, and the warnings of typst."""
    # only the shipped family: what the machine or the wheel holds must not change the page
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
    with TemporaryDirectory(prefix="cross-print-") as empty:
        compiler = typst.Compiler(
            input=given["source"].encode(),
            root=empty,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs=given["inputs"],
            package_path=empty,
            package_cache_path=empty,
        )
        file, warnings = compiler.compile_with_warnings(**_form(given.get("printed_at")))
    if not isinstance(file, bytes):
        raise TypeError("the typesetter returned no file")
    return file, [warning.message for warning in warnings]


def _form(printed_at: int | None) -> dict[str, Any]:
    if printed_at is None:
        return {"format": "png", "ppi": DOTS}
    return {
        "format": "pdf",
        "pdf_standards": ["a-3a", "ua-1"],
        "timestamp": datetime.fromtimestamp(printed_at, UTC),
    }


def main() -> None:
    file, warnings = set_document(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(file)
    sys.stderr.writelines(f"{warning}\n" for warning in warnings)


if __name__ == "__main__":
    main()
