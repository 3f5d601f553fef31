"""The commune that a row names, by its name, its code, or both when they agree."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from intel.extraction.communes import Commune, Gazetteer
from intel.extraction.letters import fold

# "Golbey (88)", "Golbey (88209)", "Épinal 88000".
CODE_BESIDE_NAME = re.compile(
    r"[\s,]*(?:\(\s*(?:2[AB]\d{0,3}|\d{2,3}|\d{5})\s*\)|\b(?:\d{5}|2[AB]\d{3}))\s*$"
)


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """One commune as the database holds it; former communes come under today's ``key``."""

    key: int
    code: str
    name: str
    population: int
    other_names: tuple[str, ...] = ()
    postal_codes: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Places:
    """Every commune of one department, by every name and code that people give it.

    ``elsewhere`` answers a code of another department with its commune's name, or "".
    """

    communes: Iterable[KnownCommune]
    department: str  # "des Vosges"
    elsewhere: dict[str, str] = field(default_factory=dict)
    neighbourhoods: dict[tuple[int, str], int] = field(default_factory=dict)
    gazetteer: Gazetteer = field(init=False)
    by_code: dict[str, Commune] = field(init=False, default_factory=dict)
    by_postal_code: dict[str, set[Commune]] = field(init=False)
    _answers: dict[tuple[str, str], Commune] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = list(self.communes)
        rows = [(one.key, one.code, one.name, one.population) for one in known]
        rows += [
            (one.key, one.code, name, one.population) for one in known for name in one.other_names
        ]
        self.gazetteer = Gazetteer(rows)
        self.by_postal_code = defaultdict(set)
        for one in known:
            commune = self.gazetteer.by_code[one.code]
            for code in (one.code, *one.former_codes):
                self.by_code.setdefault(code, commune)
            for code in one.postal_codes:
                self.by_postal_code[code].add(commune)

    def resolve(self, name: str, code: str) -> Commune:
        """The commune meant by a cell of names and a cell of codes. Raises ``ValueError``."""
        asked = (name, code)
        if asked not in self._answers:
            self._answers[asked] = self._resolve(
                CODE_BESIDE_NAME.sub("", name).strip(), self._as_code(code)
            )
        return self._answers[asked]

    def _as_code(self, cell: str) -> str:
        """A code without blanks, and with the zero that a spreadsheet took away from "01004"."""
        code = re.sub(r"\s", "", cell).upper().removesuffix(".0")
        return code.zfill(5) if code.isdigit() and len(code) == 4 else code

    def _resolve(self, name: str, code: str) -> Commune:
        if not name and not code:
            raise ValueError("La commune manque.")
        if not code:
            return self._by_name(name)
        by_code = {self.by_code[code]} if code in self.by_code else set()
        by_code |= self.by_postal_code.get(code, set())
        if not by_code:
            raise ValueError(self._unknown_code(name, code))
        if not name:
            if len(by_code) > 1 and code not in self.by_code:
                raise ValueError(
                    f"Le code postal {code} est celui de {len(by_code)}\u00a0communes\u00a0: "
                    "indiquez le nom."
                )
            return self.by_code.get(code) or by_code.pop()
        agreeing = by_code & self._called(name)
        if len(agreeing) != 1:
            meant = " ou ".join(sorted(commune.name for commune in by_code)[:3])
            raise ValueError(
                f"Le nom «\u00a0{name}\u00a0» et le code {code} ({meant}) se contredisent."
            )
        return agreeing.pop()

    def _called(self, name: str) -> set[Commune]:
        """The communes that ``name`` may mean: whole name, shortened name, or a slip away."""
        exact = self.gazetteer.matching(name)
        if exact:
            return set(exact)
        entry = self.gazetteer.shortened(name) or self.gazetteer.nearest(name)
        return set(entry.communes) if entry else set()

    def _by_name(self, name: str) -> Commune:
        exact = self.gazetteer.matching(name)
        if len(exact) == 1:
            return exact[0]
        if exact:
            codes = ", ".join(sorted(commune.code for commune in exact))
            raise ValueError(
                f"Plusieurs communes s’appellent «\u00a0{name}\u00a0»\u00a0: indiquez le code "
                f"({codes})."
            )
        entry = self.gazetteer.shortened(name)
        if entry and entry.is_clear:
            return entry.best
        near = self.gazetteer.nearest(name)
        guess = f" Vouliez-vous dire «\u00a0{near.best.name}\u00a0»\u00a0?" if near else ""
        raise ValueError(
            f"Aucune commune {self.department} ne s’appelle «\u00a0{name}\u00a0».{guess}"
        )

    def _unknown_code(self, name: str, code: str) -> str:
        other = self.elsewhere.get(code, "")
        if other and name and self._called(name):
            return f"Le nom «\u00a0{name}\u00a0» et le code {code} ({other}) se contredisent."
        if other:
            return (
                f"Le code {code} est celui d’une commune d’un autre département ({other})\u00a0: "
                "adressez ce signalement à sa cellule."
            )
        if name and self._called(name):
            return (
                f"Le nom «\u00a0{name}\u00a0» et le code {code} se contredisent\u00a0: ce code "
                f"n’est celui d’aucune commune {self.department}."
            )
        said = f"ni «\u00a0{name}\u00a0» ni le code" if name else "le code"
        return f"Commune inconnue\u00a0: {said} {code} n’existe dans la liste {self.department}."

    def neighbourhood(self, commune: Commune, name: str) -> int | None:
        """The key of a neighbourhood of that name in that commune, when there is one."""
        return self.neighbourhoods.get((commune.id, fold(name).strip()))
