"""What the worker does for this room."""

from celery.schedules import crontab
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage

from cross import outbox
from cross.identity import connections

WITHDRAWN = """Bonjour,

Votre second facteur de connexion à CROSS vient d’être retiré, et vos connexions ont été fermées.
Vous en choisirez un autre à votre prochaine connexion, avec le mot de passe provisoire qui vous a
été donné de vive voix.

Vous ne l’avez pas demandé ? Appelez tout de suite votre chef d’unité ou la cellule.
"""


@outbox.job(
    "forget_connections",
    title="Connexions terminées oubliées",
    schedule=crontab(hour=2, minute=40),
)
def forget_connections(job):
    return {"forgotten": connections.forget_ended()}


ASKED = """Bonjour,

Le retrait de votre second facteur de connexion à CROSS vient d’être demandé. Rien ne change avant
qu’une seconde personne l’ait confirmé.

Vous ne l’avez pas demandé ? Appelez tout de suite votre chef d’unité ou la cellule.
"""


@outbox.job("tell_of_withdrawal_asked")
def tell_of_withdrawal_asked(job, member):
    """By mail, before anything changes: an account is not taken without its owner's knowledge."""
    return {
        "mailed": _tell(member, "CROSS : le retrait de votre second facteur est demandé", ASKED)
    }


@outbox.job("tell_of_withdrawal")
def tell_of_withdrawal(job, member):
    """By mail, to whoever has an address; everybody reads it on the page of the next sign-in."""
    return {"mailed": _tell(member, "CROSS : votre second facteur a été retiré", WITHDRAWN)}


def _tell(member, subject, text):
    told = get_user_model().objects.get(pk=member)
    if told.email and settings.MAIL_LEAVES:
        EmailMessage(subject, text, to=[told.email]).send()
    return int(bool(told.email))
