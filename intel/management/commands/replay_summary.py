"""Count again what summaries were built from, and say whether the same figures come out."""

from django.core.management.base import BaseCommand, CommandError

from intel.actions import summaries
from intel.management.asked import departments_named, period_named
from intel.models import Summary

SAID = {
    True: "rejouée à l’identique",
    False: "ÉCART : les mêmes données ne redonnent pas les mêmes chiffres",
    None: "les données ont changé depuis (fiche corrigée, restreinte ou effacée, ou autre version "
    "du calcul) : elle reste valable et ne peut plus être rejouée",
}


class Command(BaseCommand):
    help = (
        "Rejoue les synthèses d’un département pour une période, toutes versions comprises, sans "
        "rien écrire. Sort en erreur quand les mêmes données donnent d’autres chiffres."
    )

    def add_arguments(self, parser):
        parser.add_argument("--department", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="PÉRIODE")

    def handle(self, *, department, period, **options):
        [found] = departments_named([department])
        period = period_named(period)
        built = Summary.objects.filter(
            department=found, period=period.code, stage=Summary.Stage.DONE
        ).order_by("audience", "version")
        if not built:
            raise CommandError(f"Aucune synthèse {found.code} {period.code} n’a été construite.")
        differ = 0
        for summary in built:
            same = summaries.replay(summary).same_figures
            differ += same is False
            self.stdout.write(
                f"{found.code} {period.code} {summary.for_whom}, "
                f"version {summary.version} : {SAID[same]}."
            )
        if differ:
            raise CommandError(f"Synthèses en écart : {differ}.")
