"""The check that fails when an address has no policy."""

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver


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
