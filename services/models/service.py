"""Services of the State and their partners, and the units through which they contribute."""

from django.contrib.auth.models import Group
from django.db import models

from services.models.territory import folded_column


class Service(models.Model):
    """Who signs: the gendarmerie of a department, the customs of a region, a prefecture."""

    class Kind(models.TextChoices):
        GENDARMERIE = "gendarmerie", "Gendarmerie nationale"
        POLICE = "police", "Police nationale"
        JUDICIAL_POLICE = "pj", "Police judiciaire"
        BORDER_POLICE = "paf", "Police aux frontières"
        CUSTOMS = "douane", "Douane"
        RESEARCH_SECTION = "sr", "Section de recherches"
        GIR = "gir", "Groupe interministériel de recherches"
        TERRITORIAL_INTELLIGENCE = "srt", "Renseignement territorial"
        PREFECTURE = "prefecture", "Préfecture"
        PROSECUTOR = "parquet", "Parquet"
        OFAST = "ofast", "Office anti-stupéfiants"
        MUNICIPAL_POLICE = "pm", "Police municipale"
        TOWN_HALL = "mairie", "Mairie"
        LANDLORD = "bailleur", "Bailleur"
        EDUCATION = "education", "Éducation nationale"
        OTHER = "autre", "Autre partenaire"

    name = models.CharField("nom", max_length=150, unique=True)
    short_name = models.CharField("nom court", max_length=40)
    kind = models.CharField("type", max_length=12, choices=Kind)
    contact = models.CharField("contact", max_length=200, blank=True)

    class Meta:
        verbose_name = "service"

    def __str__(self):
        return self.name


class Unit(models.Model):
    """A brigade, a commissariat, a section: who contributes, and who is granted sight."""

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="units", verbose_name="service"
    )
    department = models.ForeignKey(
        "services.Department",
        models.PROTECT,
        related_name="units",
        verbose_name="département",
    )
    name = models.CharField("nom", max_length=150)
    short_name = models.CharField("nom court", max_length=40)
    sort_key = folded_column("short_name")
    # guardian grants to groups: each unit has its own, made with it.
    group = models.OneToOneField(Group, models.PROTECT, related_name="unit", editable=False)
    is_cell = models.BooleanField("cellule animatrice", default=False)
    court = models.ForeignKey(
        "services.Court",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prosecutors",
        verbose_name="tribunal",
        help_text="Pour un parquet : le tribunal dont il voit le ressort.",
    )
    phone = models.CharField("téléphone de permanence", max_length=40, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)

    class Meta:
        verbose_name = "unité"
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="unit_name_in_service"),
        ]

    def __str__(self):
        return self.short_name or self.name

    def save(self, *args, **kwargs):
        if self.group_id is None:
            self.group = Group.objects.create(name=f"{self.service.short_name} · {self.name}")
        super().save(*args, **kwargs)

    @property
    def journal_reference(self):
        return f"unité {self.name}"
