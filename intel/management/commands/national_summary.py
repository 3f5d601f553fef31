"""The national table of a period, for the central office: built if need be, shown or written."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cross.audit import journal
from intel.actions import national
from intel.management.asked import period_named

HEADINGS = (
    "code", "département", "faits", "renseignements", "faits, période précédente",
    "renseignements, période précédente", "affichage",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Construit le tableau national d’un mois ou d’un trimestre, à partir des seules synthèses "
        "consolidées des départements, et l’affiche ou l’écrit. Aucun rôle ne le lit dans "
        "l’application."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", required=True, metavar="PÉRIODE")
        parser.add_argument("--csv", type=Path, metavar="FICHIER", help="écrit au lieu d’afficher")

    @transaction.atomic
    def handle(self, *, period, **options):
        try:
            summary = national.build(period_named(period))
        except ValueError as error:
            raise CommandError(str(error)) from error
        rows = [HEADINGS, *(_row(score) for score in summary.scores.order_by("rank"))]
        rows.append(("", "Ensemble", *map(_said, _counts(summary)), ""))
        journal.record(None, "summary.exported", summary, why="tableau national")
        if options["csv"] is None:
            for row in rows:
                self.stdout.write(" | ".join(map(str, row)))
            return
        try:
            with options["csv"].open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file, delimiter=";").writerows(rows)
        except OSError as error:
            raise CommandError(f"{options['csv']} : {error.strerror}") from error
        self.stdout.write(f"{options['csv']} : {summary.label}, version {summary.version}.")


def _row(score):
    return (
        score.code, score.label, *map(_said, _counts(score)), score.get_display_display(),
    )  # fmt: skip


def _counts(row):
    return row.facts, row.reports, row.previous_facts, row.previous_reports


def _said(count):
    return "n.c." if count is None else count
