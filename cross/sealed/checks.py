"""The keys must be there before the server starts, not when the first tip is opened."""

from django.core.checks import Error, register

from cross.sealed.ring import NoKeys, ring


@register("security", deploy=True)
def the_keys_are_there(app_configs, **kwargs):
    try:
        ring()
    except NoKeys as error:
        return [Error(str(error), hint="See docs/sealed-fields.md.", id="cross.E003")]
    return []
