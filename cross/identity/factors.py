"""Second factors: which ones a member holds, and what taking them away does."""

import ipaddress

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from cross.identity import outside

KINDS = {
    Authenticator.Type.WEBAUTHN: "clé d’accès",
    Authenticator.Type.TOTP: "application",
    Authenticator.Type.RECOVERY_CODES: "codes de secours",
}
STRONG = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


def own_factors(member):
    """Those that open the door by themselves; recovery codes go with the last of them."""
    return Authenticator.objects.filter(user=member.pk, type__in=STRONG)


def kinds_of(member):
    return set(own_factors(member).values_list("type", flat=True))


def held_by(member):
    """(passkeys, application or None, recovery codes left or None), in one query."""
    rows = list(Authenticator.objects.filter(user=member.pk).order_by("created_at"))
    of = {kind: [row for row in rows if row.type == kind] for kind in Authenticator.Type}
    codes = next(iter(of[Authenticator.Type.RECOVERY_CODES]), None)
    return {
        "passkeys": of[Authenticator.Type.WEBAUTHN],
        "app": next(iter(of[Authenticator.Type.TOTP]), None),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }


def is_last(factor):
    return not own_factors(factor.user).exclude(pk=factor.pk).exists()


def can_use_passkeys(request):
    """Browsers bind a passkey to a name: an address made of numbers has none."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def is_linked(member):
    """Did an outside identity open this account once? From then on it is a factor like another."""
    return SocialAccount.objects.filter(user=member.pk).exists()


def only_outside(member):
    """Must he come in by the outside identity, for want of a factor of ours? A password alone
    would let whoever gave it choose one in his place."""
    return bool(outside.name()) and is_linked(member) and not own_factors(member).exists()


def withdraw(member):
    """Every factor and every recovery code of a member who has lost one, and his outside identity:
    `outside_identity` is emptied on the row given, which the caller saves, or it would open it
    again."""
    SocialAccount.objects.filter(user=member.pk).delete()
    Authenticator.objects.filter(user=member.pk).delete()
    member.outside_identity = ""


def held_in_words(member):
    """What he holds, as a list: ["clé d’accès", "identité ProConnect"]; empty when nothing."""
    kinds = set(Authenticator.objects.filter(user=member.pk).values_list("type", flat=True))
    held = [KINDS[kind] for kind in Authenticator.Type if kind in kinds]
    return [*held, f"identité {settings.OUTSIDE_NAME}"] if is_linked(member) else held
