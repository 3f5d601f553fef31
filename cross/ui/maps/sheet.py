"""What one map shows and where: its communes, their values sorted into classes, its layout."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cross.ui.charts import Masked, french_number
from cross.ui.map_shapes import Frame, Outline, Shape
from cross.ui.maps.classes import Shade, Value, bounds, class_labels, class_of, shades_for
from cross.ui.maps.looks import MARGIN, NONE, NONE_BORDER, PAPER

# A department taller than this (height over width) has its key beside it rather than below.
TALL = 0.9
TALLEST = 640
SIDE = 200
GUTTER = 28


@dataclass(frozen=True, slots=True)
class Area:
    """One commune; `centre` in metres; `weight` ranks its label."""

    code: str
    name: str
    outline: Outline | None
    centre: tuple[int, int] | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """What is counted, and the sentences under the map: a warning, then source and date."""

    one: str = "fait"
    many: str = "faits"
    none: str = "aucun"
    legend: str = "Faits enregistrés, par commune"
    masked: str = "moins de 5 ou non communicable"
    unknown: str = "non calculé"
    note: str = ""
    source: str = ""

    def amount(self, value: Value) -> str:
        if value is None:
            return self.unknown
        if isinstance(value, Masked):
            return self.masked
        if value == 0:
            return f"{self.none} {self.one}"
        return f"{french_number(value)} {self.one if value < 2 else self.many}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the key: a class of communes, how it is filled, and how many there are."""

    name: str
    fill: str
    border: str
    label: str
    count: int
    dashes: str | None = None  # the hatch over it: None for no hatch, "" for plain lines


@dataclass(frozen=True)
class Sheet:
    """The values of a map, sorted into classes, and its layout on the page."""

    areas: Sequence[Area]
    values: Mapping[str, Value]
    wording: Wording
    least: int
    width: float
    has_key: bool = True

    def value(self, area: Area) -> Value:
        return self.values.get(area.code, 0)

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        return {area.code: area.outline for area in self.areas if area.outline}

    @cached_property
    def lower(self) -> list[int]:
        return bounds((self.value(area) for area in self.areas), least=self.least)

    def entry_name(self, area: Area) -> str:
        value = self.value(area)
        if value is None:
            return "map-unknown"
        if isinstance(value, Masked):
            return "map-masked"
        rank = class_of(value, self.lower)
        return self.shades[rank - 1].name if rank else "map-none"

    @cached_property
    def shades(self) -> list[Shade]:
        return shades_for(len(self.lower))

    @cached_property
    def entries(self) -> list[Entry]:
        """The key, lightest first: the whole ramp, and of the rest what the map shows."""
        count = Counter(self.entry_name(area) for area in self.areas)
        top = max((v for a in self.areas if isinstance(v := self.value(a), int)), default=0)
        ramp = [
            Entry(shade.name, shade.fill, PAPER, label, count[shade.name])
            for shade, label in zip(self.shades, class_labels(self.lower, top), strict=True)
        ]
        none, masked, unknown = (
            Entry(name, fill, NONE_BORDER, label, count[name], dashes)
            for name, fill, label, dashes in (
                ("map-none", NONE, self.wording.none, None),
                ("map-masked", PAPER, self.wording.masked, ""),
                ("map-unknown", PAPER, self.wording.unknown, "1.5 2.5"),
            )
        )
        return [entry for entry in (none, *ramp, masked, unknown) if entry.count or entry in ramp]

    @cached_property
    def is_tall(self) -> bool:
        frame = Frame.around(self.outlines.values(), width=1, height=1)
        return self.has_key and frame.height > TALL * frame.width

    @cached_property
    def frame(self) -> Frame:
        room = self.width - 2 * MARGIN - (SIDE + GUTTER if self.is_tall else 0)
        return Frame.around(self.outlines.values(), width=room, height=TALLEST)

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Upper left of the ground, in user units."""
        used = self.frame.width + (SIDE + GUTTER if self.is_tall else 0)
        return (self.width - used) / 2, MARGIN

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        return {code: self.frame.shape(outline) for code, outline in self.outlines.items()}

    @cached_property
    def ground_bottom(self) -> float:
        return self.corner[1] + self.frame.height
