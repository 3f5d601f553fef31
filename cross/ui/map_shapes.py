"""From outlines in metres to SVG path data: scale, path text, hatching, the outer border.

Plain integers and lists, no library: drawing a department takes some 60 ms. Points are in quarters
of a user unit (`FINE`), written as relative steps, which halves the size of a map. Outlines that
share a border share its vertices (the territory is loaded so), which is what finds it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FINE = 4

Point = tuple[int, int]
Ring = list[Point]
# Rings of all polygons of one commune, holes included: filled by the even-odd rule.
Shape = list[Ring]
# Polygons > rings > flat [x0, y0, x1, y1, …] in metres, northwards positive.
Outline = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of ground, and how many user units a metre is."""

    west: float
    north: float
    east: float
    south: float
    scale: float

    @classmethod
    def around(cls, outlines: Iterable[Outline], *, width: float, height: float) -> "Frame":
        """The smallest rectangle that holds the outlines, as large as fits in width × height."""
        rings = [ring for outline in outlines for polygon in outline for ring in polygon]
        west = min(min(ring[::2]) for ring in rings)
        east = max(max(ring[::2]) for ring in rings)
        south = min(min(ring[1::2]) for ring in rings)
        north = max(max(ring[1::2]) for ring in rings)
        scale = min(width / max(east - west, 1), height / max(north - south, 1))
        return cls(west, north, east, south, scale)

    @property
    def width(self) -> float:
        return (self.east - self.west) * self.scale

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Metres to user units from the upper left corner."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    def shape(self, outline: Outline) -> Shape:
        """Fine points, those that fall on the one before left out, rings that collapse too."""
        fine = self.scale * FINE
        rings = []
        for polygon in outline:
            for flat in polygon:
                points: Ring = []
                for x, y in zip(flat[::2], flat[1::2], strict=True):
                    point = (round((x - self.west) * fine), round((self.north - y) * fine))
                    if not points or point != points[-1]:
                        points.append(point)
                if len(points) > 1 and points[0] == points[-1]:
                    points.pop()
                if len(points) > 2:
                    rings.append(points)
        return rings


def closed_path(shape: Shape) -> str:
    """Path data of a filled shape."""
    return "".join(f"{_steps(ring)}z" for ring in shape)


def open_path(lines: Iterable[Ring]) -> str:
    """Path data of polylines."""
    return "".join(_steps(line) for line in lines)


def _steps(points: Ring) -> str:
    """Where it starts, then each step; a minus sign separates as well as a space would."""
    (x, y), rest = points[0], points[1:]
    words = [f"M{x} {y}"]
    for rank, (to_x, to_y) in enumerate(rest):
        across, down = to_x - x, to_y - y
        words.append(f"{' ' if rank and across >= 0 else ''}{across}")
        words.append(f"{' ' if down >= 0 else ''}{down}")
        x, y = to_x, to_y
    words.insert(1, "l")
    return "".join(words)


def hatch(shapes: Iterable[Shape], *, step: float) -> str:
    """Path data of lines at 45° (rising to the right) inside shapes, `step` user units apart.

    Lines run on through neighbours, so that they hide the borders of what they cover least. A
    pattern would need an id, and ids clash when a page holds two maps.
    """
    crossings: dict[int, list[float]] = defaultdict(list)
    # In turned coordinates the lines are level: row = (x + y) / gap, along = x - y.
    gap = step * FINE * math.sqrt(2)
    for shape in shapes:
        for ring in shape:
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                row1, row2 = (x1 + y1) / gap, (x2 + y2) / gap
                low, high = sorted((row1, row2))
                # A row is crossed at its lower end and not at its upper one: never twice.
                for row in range(math.ceil(low), math.ceil(high)):
                    share = (row - row1) / (row2 - row1)
                    crossings[row].append((x1 - y1) + share * (x2 - y2 - x1 + y1))
    words = []
    for row, found in sorted(crossings.items()):
        for start, end in _joined(sorted(found)):
            x, y = round((row * gap + start) / 2), round((row * gap - start) / 2)
            run = round((end - start) / 2)
            if run:
                words.append(f"M{x} {y}l{run} {-run}")
    return "".join(words)


def _joined(found: list[float]) -> Iterable[tuple[float, float]]:
    """Inside from each odd crossing to the next even one; stretches that touch are made one."""
    stretches: list[list[float]] = []
    for start, end in zip(found[::2], found[1::2], strict=True):
        if stretches and start - stretches[-1][1] < 1:
            stretches[-1][1] = end
        else:
            stretches.append([start, end])
    return [(start, end) for start, end in stretches]


def outer_border(shapes: Iterable[Shape]) -> list[Ring]:
    """Polylines around a set of shapes that touch: the edges that only one of them has."""
    count: dict[tuple[Point, Point], int] = defaultdict(int)
    for shape in shapes:
        for edge in _edges(shape):
            count[edge] += 1
    return _chained(edge for edge, times in count.items() if times == 1)


def _edges(shape: Shape) -> Iterable[tuple[Point, Point]]:
    for ring in shape:
        for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
            yield (one, other) if one < other else (other, one)


def _chained(edges: Iterable[tuple[Point, Point]]) -> list[Ring]:
    """Edges end to end, as few polylines as a simple walk gives; loops end where they begin."""
    after: dict[Point, list[Point]] = defaultdict(list)
    for one, other in sorted(edges):
        after[one].append(other)
        after[other].append(one)
    # Ends and forks first, so that no line starts in its own middle; then what is left are loops.
    starts = [point for point, others in after.items() if len(others) != 2]
    lines = []
    for start in [*starts, *after]:
        while after[start]:
            line = [start]
            while after[line[-1]]:
                step = after[line[-1]].pop()
                after[step].remove(line[-1])
                line.append(step)
                if len(after[step]) != 1:
                    break
            lines.append(line)
    return lines
