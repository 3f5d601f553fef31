"""Rows of a portal's export made into tips, by django-import-export in bulk.

One ``TipResource`` serves a whole file, chunk after chunk; it keeps the references it has seen
and nothing else. A row is imported, already known, or faulty: each fault names its column.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import DEFERRED
from import_export.fields import Field
from import_export.resources import ModelResource
from tablib import Dataset

from cross.sealed.fields import open_together
from intel import references
from intel.extraction.cleaning import TEXT_LIMIT, spaced
from intel.extraction.products import products_of_list
from intel.importing.cells import Cell, Products, Required, cleaned
from intel.importing.columns import BY_NAME, TARGETS
from intel.importing.moments import PARIS, read_moment, read_occurrence
from intel.importing.places import Places
from intel.importing.tables import Row
from intel.importing.writing import copy_rows
from intel.models import Audience, Fact, Report, Tip, TipImport
from intel.models.choices import Handling, Origin
from intel.states import State

MISSING_REFERENCE = (
    "La référence du portail manque\u00a0: elle évite d’importer deux fois le même signalement."
)
MISSING_DESCRIPTION = "La description est vide\u00a0: il n’y a rien à trier."
OTHER_TEXT_KNOWN = (
    "Cette référence est déjà importée avec un autre texte\u00a0: la fiche existante n’a pas été "
    "modifiée, complétez-la à la main."
)


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong in one row; ``target`` names what its column feeds, or is empty."""

    row: int
    target: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of the rows of a chunk, or of a file."""

    rows: int = 0
    fresh: int = 0
    known: int = 0
    repeated: int = 0  # among the known ones, those that stand higher up in the same file
    faulty: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """The counts of ``other``; its faults stay where they are."""
        self.rows += other.rows
        self.fresh += other.fresh
        self.known += other.known
        self.repeated += other.repeated
        self.faulty += other.faulty


@dataclass(frozen=True, slots=True)
class Setting:
    """All that the rows of one file share."""

    batch: TipImport
    places: Places
    now: datetime
    contact_days: int


class Received(Field):
    """When the portal got it; the moment of the import when the cell is empty or absent."""

    def save(
        self, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        text = self.widget.clean(row.get(self.column_name), row)
        now = kwargs["setting"].now
        instance.report.received_at = read_moment(text) if text else now
        if instance.report.received_at > now + timedelta(days=1):
            raise ValueError("La date de réception est dans le futur.")


class Occurred(Field):
    """When the facts took place: needs ``Received`` before it."""

    def save(
        self, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        report = instance.report
        occurrence = read_occurrence(
            self.widget.clean(row.get(self.column_name), row),
            written_on=report.received_at.astimezone(PARIS).date(),
            today=kwargs["setting"].now.astimezone(PARIS).date(),
        )
        report.occurred_on, report.occurred_until = occurrence.first, occurrence.last
        if occurrence.words:
            said = (occurrence.words, report.days_and_hours)
            report.days_and_hours = " ; ".join(filter(None, said))[:200]


class Where(Field):
    """Commune, neighbourhood and place, which only make sense together."""

    def save(
        self, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        places: Places = kwargs["setting"].places
        name, code, quarter = (
            self.widget.clean(row.get(column), row)
            for column in ("commune", "commune_code", "neighbourhood")
        )
        report = instance.report
        commune = places.resolve(name, code)
        report.commune_id = commune.id
        report.neighbourhood_id = places.neighbourhood(commune, quarter)
        if quarter and not report.neighbourhood_id:
            report.place = f"{report.place} ({quarter})" if report.place else quarter


class Contact(Field):
    """How to reach the author: kept until its purge day, and not at all when it has passed."""

    def save(
        self, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        setting: Setting = kwargs["setting"]
        received = instance.report.received_at.astimezone(PARIS).date()
        instance.purge_on = received + timedelta(days=setting.contact_days)
        if instance.purge_on > setting.now.astimezone(PARIS).date():
            instance.contact = self.widget.clean(row.get(self.column_name), row)


class Original(Field):
    """The text as received, followed by what the closed lists could not hold."""

    def save(
        self, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        super().save(instance, row, is_m2m, **kwargs)
        instance.raw_text = original_text(row)


def original_text(row: dict[str, str]) -> str:
    """The description, and the words of the products column that name no product of the list."""
    text = cleaned(row.get("description") or "")
    _codes, unknown = products_of_list(cleaned(row.get("products") or ""))
    return f"{text}\n[Produits\u00a0: {', '.join(unknown)}]" if unknown else text


class TipResource(ModelResource):
    """The columns of ``intel.importing.columns.TARGETS``, each to its place."""

    reference = Field("portal_reference", "reference", Required(80, MISSING_REFERENCE))
    received = Received("report__received_at", "received", Cell(60))
    days_and_hours = Field("report__days_and_hours", "days_and_hours", Cell(200))
    occurred = Occurred("report__occurred_on", "occurred", Cell(200))
    place = Field("report__place", "place", Cell(120))
    where = Where("report__commune", "commune", Cell(80))
    description = Original(
        "report__facts", "description", Required(TEXT_LIMIT, MISSING_DESCRIPTION, one_line=False)
    )
    products = Field("report__products", "products", Products(300))
    vehicles = Field("report__vehicles", "vehicles", Cell(300))
    persons = Field("report__persons", "persons", Cell(500))
    contact = Contact("contact", "contact", Cell(200))

    class Meta:
        model = Tip
        # In this order: what happened is dated from its reception, a place ends with its quarter.
        fields = (
            "reference", "received", "days_and_hours", "occurred", "place", "where",
            "description", "products", "vehicles", "persons", "contact",
        )  # fmt: skip
        import_id_fields = ("reference",)
        force_init_instance = True
        use_bulk = True
        batch_size = None  # a chunk is written at once, by bulk_create below
        use_transactions = False
        skip_diff = True
        report_skipped = False

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.create_instances: list[Tip] = []
        self.blank_report, self.blank_tip = _blank_rows(setting)
        # Reference to (import, row, text) of the tips already there.
        self.known: dict[str, tuple[int | None, int | None, str]] = {}
        # Reference to (row, digest of the text) of those seen in this file.
        self.seen: dict[str, tuple[int, int]] = {}
        self.kept_before = 0
        self.repeated = 0

    # --- What import-export asks along the way ------------------------------------------------

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Ask once a chunk which references this portal has already given."""
        references = {cleaned(reference or "") for reference in dataset["reference"]}
        batch = self.setting.batch
        known = Tip.objects.filter(
            department=batch.department_id, portal=batch.portal, portal_reference__in=references
        ).unguarded(because="a tip is imported once, whoever may read it")
        asked = known.only("report", "portal_reference", "tip_import", "row", "raw_text")
        self.known = {
            tip.portal_reference: (tip.tip_import_id, tip.row, tip.raw_text)
            for tip in open_together(asked)
        }
        self.kept_before = self.repeated = 0

    def init_instance(self, row: dict[str, str] | None = None) -> Tip:
        """A blank tip with its blank report, from values laid out once: four times as fast."""
        tip = Tip(*self.blank_tip)  # type: ignore[misc]
        tip.report = Report(*self.blank_report)  # type: ignore[misc]
        tip.row = int(row["row"]) if row else None
        return tip

    def import_field(
        self, field: Field, instance: Tip, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        field.save(instance, row, is_m2m, setting=self.setting, **kwargs)

    def skip_row(
        self,
        instance: Tip,
        original: Tip | None,
        row: dict[str, str],
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        """Already known, in the database or above in this very file; the same text, or a fault."""
        reference = instance.portal_reference
        if not reference or "portal_reference" in (import_validation_errors or {}):
            return False
        text, number = original_text(row), int(row["row"])
        if reference in self.known:
            return self._is_known(self.known[reference], text, number)
        if import_validation_errors:
            return False
        first, digest = self.seen.setdefault(reference, (number, hash(text)))
        if first != number and digest != hash(text):
            raise ValidationError({
                "portal_reference": f"Cette référence figure déjà ligne {spaced(first)}, avec un "
                "autre texte."
            })  # fmt: skip
        self.repeated += first != number
        return first != number

    def _is_known(self, known: tuple[int | None, int | None, str], text: str, number: int) -> bool:
        tip_import, row, known_text = known
        if not _says_the_same(known_text, text):
            raise ValidationError({"portal_reference": OTHER_TEXT_KNOWN})
        # The worker died after this row was written: the import goes on from where it was.
        self.kept_before += (tip_import, row) == (self.setting.batch.pk, number)
        return True

    def bulk_create(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """Write the chunk: facts, reports under drawn references, tips. Errors go up."""
        tips, self.create_instances = self.create_instances, []
        if tips and not dry_run:
            keep(tips, self.setting.batch)

    # --- What we ask --------------------------------------------------------------------------

    def take_chunk(self, rows: Iterable[tuple[Row, dict[str, str]]], *, dry_run: bool) -> Tally:
        """Import rows renamed to targets; ``dry_run`` only checks. Errors of the database rise."""
        tally = Tally()
        dataset = Dataset(headers=["row", *(target.name for target in TARGETS)])
        for row, values in rows:
            tally.rows += 1
            if row.fault:
                tally.faulty += 1
                tally.faults.append(RowFault(row.number, "", row.fault))
            else:
                dataset.append((row.number, *(values.get(t.name, "") for t in TARGETS)))
        if len(dataset):
            self._import(dataset, tally, dry_run=dry_run)
        return tally

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Leave the sequence alone: keys were drawn from it, and another import goes on drawing.

        The library sets it to the highest key, which the web process has no right to do.
        """

    def _import(self, dataset: Dataset, tally: Tally, *, dry_run: bool) -> None:
        numbers = dataset["row"]
        result = self.import_data(dataset, dry_run=dry_run)
        for error in result.base_errors:
            raise error.error
        for place, row_errors in result.row_errors():
            raise RuntimeError(f"row {numbers[place - 1]}") from row_errors[0].error
        for invalid in result.invalid_rows:
            tally.faulty += 1
            tally.faults += _faults_of(invalid, numbers[invalid.number - 1])
        tally.fresh += result.totals["new"] + self.kept_before
        tally.known += result.totals["skip"] - self.kept_before
        tally.repeated += self.repeated


TARGET_OF = {
    "portal_reference": "reference",
    **{
        str(field.attribute): field.column_name
        for field in TipResource.fields.values()
        if field.column_name in BY_NAME
    },
}


def _faults_of(invalid: Any, number: int) -> list[RowFault]:
    return [
        RowFault(number, TARGET_OF.get(name, ""), message)
        for name, messages in invalid.error.message_dict.items()
        for message in messages
    ]


def _says_the_same(text: str, other: str) -> bool:
    return text == other or text.split() == other.split()


def _blank_rows(setting: Setting) -> tuple[list[Any], list[Any]]:
    """The values of the columns of a report and of a tip before a row is read."""
    batch = setting.batch
    report = Report(
        department_id=batch.department_id,
        owner_id=batch.unit_id,
        author_id=batch.by_id,
        origin=Origin.CITIZEN.value,
        state=State.RECEIVED.value,
        audience=Audience.PROTOCOL.value,
        handling=Handling.H0.value,
        created_at=setting.now,
    )
    tip = Tip(department_id=batch.department_id, portal=batch.portal, tip_import=batch)
    return _values(report), _values(tip)


def _values(instance: Any) -> list[Any]:
    return [
        DEFERRED if field.generated else getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
    ]


def keep(tips: list[Tip], batch: TipImport) -> None:
    """Write the tips of one chunk with their reports and facts, in the caller's transaction."""
    for tip, fact in zip(tips, _new_facts(batch, len(tips)), strict=True):
        tip.report.fact_id = fact
    reports = [tip.report for tip in tips]

    def write(drawn: list[str]) -> None:
        for report, reference in zip(reports, drawn, strict=True):
            report.reference = reference
        copy_rows(reports)

    references.give(batch.department, write, count=len(reports))
    for tip in tips:
        tip.report_id = tip.report.pk
    copy_rows(tips)


def _new_facts(batch: TipImport, count: int) -> list[int]:
    """The keys of as many new facts, each of one tip until somebody brings two together."""
    table = connection.ops.quote_name(Fact._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (department_id, created_at) "  # noqa: S608 - the table's own name
            "SELECT %s, now() FROM generate_series(1, %s) RETURNING id",
            [batch.department_id, count],
        )
        return [key for (key,) in cursor.fetchall()]
