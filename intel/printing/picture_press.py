"""The press of pictures: a program that draws one SVG as a PNG and ends, as `press.py` does.

It reads the SVG on its input and writes the PNG on its output.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

HERE = Path(__file__).parent
# Points an inch of the picture: a map of 800 units fills a slide.
DOTS = 192
PAGE = (
    b"#set page(width: auto, height: auto, margin: 6pt, fill: white)\n"
    b'#image(bytes(sys.inputs.picture), format: "svg", width: 600pt)\n'
)


def draw(svg: str) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
    with TemporaryDirectory(prefix="cross-picture-") as empty:
        compiler = typst.Compiler(
            input=PAGE,
            root=empty,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"picture": svg},
            package_path=empty,
            package_cache_path=empty,
        )
        drawn = compiler.compile(format="png", ppi=DOTS)
    if not isinstance(drawn, bytes):
        raise TypeError("the typesetter returned no picture")
    return drawn


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(sys.stdin.read()))
