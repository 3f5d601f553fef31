"""What must be true before the server starts: every address has a policy, every fence holds."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from cross import fence


def doors(resolver=None, prefix=""):
    """Every address of the project as pairs (route, pattern)."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from doors(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


@register("security")
def every_address_has_a_policy(app_configs, **kwargs):
    return [
        Error(
            f"The address /{route} has no policy.",
            hint="Put gate.hands, gate.lists, gate.lets or gate.public on its view.",
            obj=pattern.callback,
            id="cross.E001",
        )
        for route, pattern in doors()
        if not hasattr(pattern.callback, "gate_policy")
    ]


@register(Tags.database)
def the_web_process_owns_no_table(app_configs, databases=None, **kwargs):
    """Of the web process alone, which alone has a pool; asked by `check --database default`."""
    is_web = "pool" in settings.DATABASES["default"]["OPTIONS"]
    if not (databases and is_web and (passed := fence.open_tables())):
        return []
    return [
        Error(
            f"Row security does not bind this role on {', '.join(passed)}.",
            hint=f"DATABASE_URL of the web process must sign in as {fence.ROLE}.",
            id="cross.E002",
        )
    ]
