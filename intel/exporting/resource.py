"""What a row of an exported list says of a report, as a resource of django-import-export.

Facts and comment apart, grades, dates and handling always present: whoever receives the file can
judge what he reads. The code of a source is never written.
"""

from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource

from cross.ui.templatetags.words import short_day, short_moment
from intel.models import Report
from intel.reading import amounts

RELATED = ("commune", "owner", "neighbourhood")
LEFT = ("search", "commune__outline", "neighbourhood__outline")
CHUNK = 500


class ReportExport(ModelResource):
    """One column per field, in this order; titles are those of the sheet."""

    reference = Field("reference", "Référence")
    state = Field("get_state_display", "État")
    origin = Field("get_origin_display", "Origine")
    owner = Field("owner__short_name", "Unité contributrice")
    received_at = Field("received_at", "Reçu le")
    occurred_on = Field("occurred_on", "Date des faits")
    occurred_until = Field("occurred_until", "Jusqu’au")
    days_and_hours = Field("days_and_hours", "Jours et créneaux")
    commune = Field("commune__name", "Commune")
    commune_code = Field("commune__code", "Code Insee")
    neighbourhood = Field("neighbourhood__name", "Quartier")
    place = Field("place", "Lieu")
    subject = Field("subject", "Objet")
    facts = Field("facts", "Faits observés ou rapportés")
    comment = Field("comment", "Commentaire de l’analyste")
    products = Field("product_labels", "Produits")
    modes = Field("mode_labels", "Modes opératoires")
    vehicles = Field("vehicles", "Véhicules")
    persons = Field("persons", "Individus")
    amounts = Field("amounts_told", "Montants et quantités")
    source_grade = Field("source_grade", "Cotation de la source")
    information_grade = Field("information_grade", "Cotation de l’information")
    handling = Field("get_handling_display", "Code d’exploitation")
    handling_note = Field("handling_note", "Restriction d’emploi")
    audience = Field("get_audience_display", "Diffusion")
    exported_at = Field(None, "Exporté le")

    class Meta:
        model = Report
        fields = (
            "reference", "state", "origin", "owner", "received_at", "occurred_on",
            "occurred_until", "days_and_hours", "commune", "commune_code", "neighbourhood",
            "place", "subject", "facts", "comment", "products", "modes", "vehicles", "persons",
            "amounts", "source_grade", "information_grade", "handling", "handling_note",
            "audience", "exported_at",
        )  # fmt: skip
        chunk_size = CHUNK

    def __init__(self):
        super().__init__()
        self.now = short_moment(timezone.now())

    def dehydrate_received_at(self, report):
        return short_moment(report.received_at)

    def dehydrate_occurred_on(self, report):
        return short_day(report.occurred_on)

    def dehydrate_occurred_until(self, report):
        return short_day(report.occurred_until)

    def dehydrate_products(self, report):
        return ", ".join(report.product_labels)

    def dehydrate_modes(self, report):
        return ", ".join(report.mode_labels)

    def dehydrate_amounts(self, report):
        return amounts.in_words(report.amounts_told)

    def dehydrate_exported_at(self, report):
        return self.now

    def rows(self, reports):
        """The texts of each report, a few hundred read at a time."""
        told = reports.annotate(amounts_told=amounts.TOLD)
        for report in self.iter_queryset(told.select_related(*RELATED).defer(*LEFT)):
            yield [str(text or "") for text in self.export_resource(report)]
