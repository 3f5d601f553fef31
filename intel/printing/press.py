"""The press: a program that sets one brief and ends.

It reads {"brief": …, "printed_at": seconds} on its input and writes the PDF on its output. A
program of its own because the typesetter keeps what it computed for the next call: in a process
that lives on, each copy printed would leave some 15 MB behind. It also knows no secret of the
application and can be stopped when it takes too long.

Nothing of the brief is written to the disk: the template sees an empty folder, made for the call
and removed after it, where packages are looked for too.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

HERE = Path(__file__).parent


def set_brief(brief: str, printed_at: datetime) -> tuple[bytes, list[str]]:
    """The PDF of a brief given as JSON, and the warnings of the typesetter."""
    # only the shipped family: what the machine or the wheel holds must not change the page
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
    with TemporaryDirectory(prefix="cross-brief-") as empty:
        compiler = typst.Compiler(
            input=(HERE / "brief.typ").read_bytes(),
            root=empty,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"brief": brief},
            package_path=empty,
            package_cache_path=empty,
        )
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=printed_at
        )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter returned no file")
    return pdf, [warning.message for warning in warnings]


def main() -> None:
    given = json.load(sys.stdin.buffer)
    printed_at = datetime.fromtimestamp(given["printed_at"], UTC)
    pdf, warnings = set_brief(json.dumps(given["brief"], ensure_ascii=False), printed_at)
    sys.stdout.buffer.write(pdf)
    sys.stderr.writelines(f"{warning}\n" for warning in warnings)


if __name__ == "__main__":
    main()
