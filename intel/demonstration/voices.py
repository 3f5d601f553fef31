"""Who tells: from which origin, through which units, with what care, in which words."""

from dataclasses import dataclass

from intel.demonstration.texts import read
from intel.models import Restriction
from intel.models.choices import Handling, Origin
from services.models import Service

KIND = Service.Kind
H = Handling
REASON = Restriction.Reason

HEARSAY = ({"F": 80, "D": 12, "E": 8}, {"6": 45, "3": 22, "4": 13, "5": 12, "2": 8})
INSTITUTION = ({"C": 50, "B": 35, "F": 15}, {"3": 45, "2": 35, "6": 20})
OBSERVED = ({"A": 25, "B": 65, "C": 10}, {"2": 55, "3": 35, "6": 10})
TOLD = ({"B": 35, "C": 40, "D": 15, "F": 10}, {"2": 25, "3": 45, "4": 12, "6": 18})


@dataclass(frozen=True)
class Voice:
    """`owners`: kinds of the units through which it comes in, none for the cell itself."""

    origin: str
    texts: dict
    weight: int
    grades: tuple  # weights of the source's letters, of the information's figures
    owners: tuple = ()
    restricted: float = 0.3  # of the reports it gives, how readily one is narrowed
    reasons: tuple = (REASON.INQUIRY, REASON.OPERATION, REASON.PERSON)
    handling: tuple = ((H.H0, 88), (H.H1, 8), (H.H2, 4))
    is_hearsay: bool = False
    works_on_weekends: bool = False


CAREFUL = ((H.H0, 45), (H.H1, 35), (H.H2, 15), (H.H3, 5))
ON_THE_GROUND = (KIND.GENDARMERIE, KIND.POLICE)  # the one that is competent in the town

VOICES = {
    "tip": Voice(
        Origin.CITIZEN, read("tips"), 38, HEARSAY, restricted=0.04, reasons=(REASON.PERSON,),
        is_hearsay=True, works_on_weekends=True,
    ),
    "letter": Voice(
        Origin.LETTER, read("letters"), 5, HEARSAY, restricted=0.05, reasons=(REASON.PERSON,),
        is_hearsay=True,
    ),
    "call": Voice(
        Origin.CALL, read("calls"), 9, HEARSAY, ON_THE_GROUND, restricted=0.05,
        reasons=(REASON.PERSON,), is_hearsay=True, works_on_weekends=True,
    ),
    "partner": Voice(
        Origin.PARTNER, read("partners"), 10, INSTITUTION, restricted=0.15,
        reasons=(REASON.PERSON, REASON.SOURCE),
    ),
    "gendarmerie": Voice(
        Origin.SERVICE, read("gendarmerie"), 24, OBSERVED, (KIND.GENDARMERIE,),
        works_on_weekends=True,
    ),
    "police": Voice(
        Origin.SERVICE, read("police"), 24, OBSERVED, (KIND.POLICE,), works_on_weekends=True
    ),
    "customs": Voice(Origin.SERVICE, read("customs"), 9, OBSERVED, (KIND.CUSTOMS,)),
    "judicial_police": Voice(
        Origin.SERVICE, read("judicial_police"), 6, OBSERVED, (KIND.JUDICIAL_POLICE,),
        restricted=0.7, reasons=(REASON.INQUIRY, REASON.OPERATION, REASON.OTHER), handling=CAREFUL,
    ),
    "border_police": Voice(
        Origin.SERVICE, read("border_police"), 24, OBSERVED, (KIND.BORDER_POLICE,)
    ),
    "research_section": Voice(
        Origin.SERVICE, read("research_section"), 5, OBSERVED, (KIND.RESEARCH_SECTION,),
        restricted=0.7, reasons=(REASON.INQUIRY, REASON.OPERATION, REASON.OTHER), handling=CAREFUL,
    ),
    "gir": Voice(
        Origin.SERVICE, read("gir"), 16, OBSERVED, (KIND.GIR,), restricted=0.5,
        reasons=(REASON.INQUIRY,), handling=CAREFUL,
    ),
    "open_source": Voice(
        Origin.OPEN_SOURCE, read("open_sources"), 7, TOLD, restricted=0.1,
        reasons=(REASON.PERSON,),
    ),
    "human_source": Voice(
        Origin.HUMAN_SOURCE, read("human_sources"), 9, TOLD,
        (*ON_THE_GROUND, KIND.JUDICIAL_POLICE, KIND.CUSTOMS, KIND.RESEARCH_SECTION),
        restricted=0.8, reasons=(REASON.SOURCE,),
        handling=((H.H0, 10), (H.H1, 55), (H.H2, 27), (H.H3, 8)),
    ),
}  # fmt: skip
WEEKEND = 0.3  # what is left of a voice that rests on Saturdays and Sundays
OUT_OF_ZONE = 0.06  # gendarmes in a police zone, policemen in the country
