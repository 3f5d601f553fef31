"""What the worker does for this room: each job names its arguments by their numbers alone."""

from celery.schedules import crontab
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross import outbox
from cross.outbox.interruptions import is_interruption
from intel import indicators, periods
from intel.actions import (
    announcing,
    copies,
    discarded,
    drafts,
    imports,
    keeping,
    mailing,
    malice,
    meeting_mails,
    national,
    openness,
    operations,
    previews,
    reminders,
    renewals,
    reports,
    searches,
    strategy_reminders,
    summaries,
    targets,
    tips,
)
from intel.models import Attachment, PrintRun, TipImport, Tombstone
from intel.reading import citations
from protocols.models import Protocol
from services.models import Department, Member


@outbox.job("build_summaries", after=national.ask_to_close)
def build_summaries(job, department, period, revised=False):
    """Every audience of one department and one period; `period` as people write it."""
    department = Department.objects.get(code=department)
    by = _asked_by(job) if job.requested_by_id else None  # the night asks in nobody's name
    summaries.check_asker(by, department)
    built = summaries.build(
        department, periods.read(period), by=by, tell=job.advance, revised=revised
    )
    job.advance(len(built), len(built), "Terminé")
    return {"summaries": [summary.pk for summary in built]}


@outbox.job(
    "summaries_of_weeks", title="Synthèses des semaines", schedule=crontab(hour=3, minute=0)
)
def summaries_of_weeks(job):
    """The week that runs, and those that a fortnight has not closed."""
    return _ask_for_summaries("week")


@outbox.job("summaries_of_months", title="Synthèses des mois", schedule=crontab(hour=3, minute=10))
def summaries_of_months(job):
    """The month that runs, and the one before until its figures are drawn up for good."""
    return _ask_for_summaries("month")


@outbox.job(
    "summaries_of_quarters",
    title="Synthèses des trimestres et des douze mois",
    schedule=crontab(hour=3, minute=20),
)
def summaries_of_quarters(job):
    """The same of quarters, and the twelve months that end with each."""
    return _ask_for_summaries("quarter", "rolling")


def _ask_for_summaries(*kinds):
    """Ask for what is due in every department whose protocol is in force."""
    today = timezone.localdate()
    due = [
        (protocol.department, period)
        for protocol in Protocol.objects.in_force(today).select_related("department")
        for period in summaries.due_periods(today, kinds)
    ]
    for department, period in due:
        outbox.enqueue(
            "build_summaries",
            args={"department": department.code, "period": period.code},
            key=summaries.key_of(department, period),
        )
    return {"asked": len(due)}


@outbox.job(
    "national_summaries",
    title="Tableau national",
    schedule=crontab(day_of_month=17, hour=4, minute=0),
)
def national_summaries(job):
    """What each department tells the country of the month and the quarter that were drawn up for
    good the day before, then the national table: see `intel.actions.national`."""
    return {
        "asked": sum(national.ask(each) for each in national.due_periods(timezone.localdate()))
    }


@outbox.job("close_national")
def close_national(job, period):
    """The national table of a period, unless a department is still at work."""
    summary = national.close(periods.read(period))
    return {"summary": summary.pk if summary else None}


@outbox.job(
    "national_left",
    title="Tableaux nationaux restés inachevés",
    schedule=crontab(hour=6, minute=0),
)
def national_left(job):
    """Runs that a crash cut short, past their deadline, and departments that came late."""
    return {"asked": national.ask_for_what_is_left(timezone.localdate())}


@outbox.job(
    "nightly_openness", title="Taux de partage du mois écoulé", schedule=crontab(hour=3, minute=40)
)
def nightly_openness(job):
    """Freeze the sharing rates of the months that are over and that nobody has counted."""
    today = timezone.localdate()
    protocols = Protocol.objects.in_force(today).select_related("department")
    return {"built": sum(openness.build_due(protocol, today=today) for protocol in protocols)}


@outbox.job(
    "nightly_indicators",
    title="Indicateurs du trimestre écoulé",
    schedule=crontab(hour=3, minute=50),
)
def nightly_indicators(job):
    """Draw up the indicators of the quarters that are over, for who opens no report."""
    today = timezone.localdate()
    protocols = Protocol.objects.in_force(today).select_related("department")
    return {"built": sum(indicators.build_due(protocol, today=today) for protocol in protocols)}


@outbox.job("tell_access_asked")
def tell_access_asked(job, request):
    """Tell the unit of the report that somebody asks for, if there is one."""
    announcing.tell_access_asked(request)


@outbox.job("tell_units_met")
def tell_units_met(job, by, check=None, event=None):
    """Tell both sides of what was looked for, as far as silences let them be told."""
    announcing.tell_units_met(by, check=check, event=event)


@outbox.job(
    "tell_reviews", title="Rappel des restrictions à revoir", schedule=crontab(hour=6, minute=30)
)
def tell_reviews(job):
    """Call the units whose restrictions and silences are to be looked at again."""
    return {"told": announcing.tell_reviews()}


@outbox.job("mail_at_once", atomic=False)
def mail_at_once(job, keys):
    """A letter to each of those who wanted to be told at once."""
    return {"sent": sum(mailing.post(letter.pk) for letter in mailing.write_at_once(keys))}


@outbox.job(
    "daily_digests", title="Courriels du matin", atomic=False, schedule=crontab(hour=6, minute=45)
)
def daily_digests(job):
    """One letter a member and a day, of what he has not seen."""
    return {"sent": sum(mailing.post(letter.pk) for letter in mailing.write_digests())}


@outbox.job("post_letters", title="Envoi des courriels en attente", atomic=False, schedule=300)
def post_letters(job):
    """Try again what failed, and send what a worker that died had left."""
    return {"sent": mailing.post_due()}


@outbox.job(
    "post_meeting_letters",
    title="Envoi des convocations aux réunions",
    atomic=False,
    schedule=300,
)
def post_meeting_letters(job):
    """Tell those who are called: at once, and again what failed."""
    return {"sent": meeting_mails.post_due()}


@outbox.job(
    "purge_notifications",
    title="Oubli des notifications anciennes",
    schedule=crontab(hour=2, minute=50),
)
def purge_notifications(job):
    """Forget what was told a while ago."""
    return {"forgotten": mailing.forget_old()}


@outbox.job(
    "remind_taskings", title="Relances des orientations", schedule=crontab(hour=6, minute=40)
)
def remind_taskings(job):
    """Tell the units in charge that are silent, and the cell that owes a return."""
    return {"reminded": reminders.remind()}


@outbox.job(
    "remind_renewals",
    title="Rappels de la fin des protocoles",
    schedule=crontab(hour=6, minute=35),
)
def remind_renewals(job):
    """Tell the animators whose protocol ends in three months, in one, in a week."""
    return {"reminded": renewals.remind()}


@outbox.job("remind_actions", title="Relances des actions", schedule=crontab(hour=6, minute=50))
def remind_actions(job):
    """Units that are late with an action of the strategy."""
    return {"reminded": strategy_reminders.remind()}


OFTEN = crontab(minute=f"*/{settings.SEARCH_ALERT_MINUTES}")


@outbox.job("search_alerts", title="Alertes des recherches suivies", atomic=False, schedule=OFTEN)
def search_alerts(job):
    """Look again for what entered the searches that members follow."""
    return {"told": searches.run_alerts(), "forgotten": searches.forget_removed()}


@outbox.job(
    "purge_drafts", title="Oubli des brouillons abandonnés", schedule=crontab(hour=2, minute=30)
)
def purge_drafts(job):
    """Forget the entries that nobody came back to, and the drafts that nobody brought back."""
    return {"forgotten": drafts.forget_old() + discarded.forget_old()}


@outbox.job("examine_attachment")
def examine_attachment(job, attachment):
    """Scan a file and draw its pages; one removed meanwhile is left alone."""
    rows = Attachment.objects.unguarded(because="the worker looks at every file")
    if found := rows.filter(pk=attachment).first():
        previews.examine(found)


@outbox.job("scan_again", title="Nouvel examen des pièces jointes", schedule=crontab(minute=20))
def scan_again(job):
    """Files that no scanner has looked at."""
    return {"asked": previews.scan_again()}


@outbox.job(
    "purge_contacts",
    title="Oubli des auteurs de signalements",
    schedule=crontab(hour=2, minute=20),
)
def purge_contacts(job):
    """Forget how to reach the authors of tips whose day has come."""
    return {"forgotten": tips.forget_contacts()}


@outbox.job("forget_malicious")
def forget_malicious(job, report):
    """Erase what the one who said a tip to be malicious is not shown of it."""
    malice.finish(report)


@outbox.job("erase_left_behind")
def erase_left_behind(job, report, reference):
    """Erase what whoever erased a report was not shown of it, files included."""
    reports.erase_left_behind(report, reference)


@outbox.job(citations.JOB)
def find_citations(job, tombstone):
    """Where an erased report is still named; places and days, no words."""
    erased = Tombstone.objects.select_related("department").get(pk=tombstone)
    return citations.as_result(citations.citations_of(erased))


@outbox.job(
    "erase_at_term",
    title="Effacement des fiches arrivées à leur terme",
    atomic=False,
    schedule=crontab(hour=2, minute=5),
)
def erase_at_term(job):
    """Erase what the protocols say is kept no longer, one report a transaction."""
    return {"erased": keeping.erase_due(job.advance)}


@outbox.job(
    "erase_again", title="Reprise des effacements inachevés", schedule=crontab(hour=2, minute=10)
)
def erase_again(job):
    """An erasure that failed is asked for again each night, until it is done."""
    return {"asked": outbox.ask_again("forget_malicious", "erase_left_behind")}


@outbox.job(
    "purge_deconfliction",
    title="Oubli des opérations passées",
    schedule=crontab(hour=2, minute=40),
)
def purge_deconfliction(job):
    """Forget the events that are long over, and what was looked for."""
    return {"events": operations.forget_events(), "values": targets.forget_values()}


@outbox.job("print_copies", atomic=False)
def print_copies(job, run):
    """Set the copies that a form asked for; run again, those of the first time stay."""
    asked = PrintRun.objects.get(pk=run)
    try:
        copies.make(asked, by=_asked_by(job), advance=_advance(job))
    except ValidationError as error:
        copies.fail(asked, " ".join(error.messages))
        raise


@outbox.job(
    "purge_copy_files",
    title="Retrait des fichiers d’exemplaires",
    schedule=crontab(minute=50),
)
def purge_copy_files(job):
    """Remove the files of copies that whoever asked for them has had time to take."""
    return {"forgotten": copies.forget_files()}


@outbox.job(
    "purge_import_files",
    title="Oubli des fichiers non importés",
    schedule=crontab(hour=2, minute=30),
)
def purge_import_files(job):
    """Delete the files of tips left without being imported."""
    return {"forgotten": imports.forget_files()}


@outbox.job("check_tips", atomic=False)
def check_tips(job, tip_import):
    """Read a large file through, and tell its faults before anything is written."""
    _at_stage(
        TipImport.Stage.CHECKING,
        tip_import,
        lambda batch: imports.check(batch, _advance(job), by=_asked_by(job)),
    )


@outbox.job("import_tips", atomic=False)
def import_tips(job, tip_import):
    """Write a large file chunk by chunk; run again, it goes on where it was."""
    _at_stage(
        TipImport.Stage.RUNNING,
        tip_import,
        lambda batch: imports.run(batch, _advance(job), by=_asked_by(job)),
    )


@outbox.job("undo_tips", atomic=False)
def undo_tips(job, tip_import):
    """Take a large import back, by who asked for it."""
    _at_stage(
        TipImport.Stage.UNDOING,
        tip_import,
        lambda batch: imports.take_back(batch, by=_asked_by(job), advance=job.advance),
    )


def _asked_by(job):
    """Who asked, as he stands now: the work stops with his rights."""
    asker = Member.objects.select_related("unit__department").get(pk=job.requested_by_id)
    if not asker.is_in_duty():
        raise ValidationError("Vous ne pouvez plus le demander : votre habilitation a pris fin.")
    return asker


def _advance(job):
    """`job.advance`, which asks each time whether who asked still may: long work stops there."""

    def advance(*said, **more):
        _asked_by(job)
        job.advance(*said, **more)

    return advance


def _at_stage(stage, tip_import, work):
    """Do `work` on an import that still waits for it; a failure is said on the import itself."""
    batches = TipImport.objects.select_related("department", "by__unit__department")
    batch = batches.get(pk=tip_import)
    if batch.stage != stage:
        return
    try:
        work(batch)
    except ValidationError as error:
        imports.fail(batch, " ".join(error.messages))
        raise
    except Exception as error:
        # Whatever it is: an import left at this stage would wait for ever. The outbox logs it, or
        # takes it up again when it was interrupted.
        if not is_interruption(error):
            imports.fail(batch, "Erreur inattendue, consignée au journal technique.")
        raise
