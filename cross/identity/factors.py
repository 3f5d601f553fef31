"""Second factors: which ones a member holds, and what taking them away does."""

import ipaddress

from allauth.mfa.models import Authenticator

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


def withdraw(member):
    """Every factor and every recovery code of a member who has lost one."""
    return Authenticator.objects.filter(user=member.pk).delete()[0]


def held_in_words(member):
    """« clé d’accès et application », or nothing."""
    kinds = Authenticator.objects.filter(user=member.pk).values_list("type", flat=True)
    return [KINDS[kind] for kind in Authenticator.Type if kind in set(kinds)]
