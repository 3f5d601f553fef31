"""The rows of guardian that name units: written as a whole, so that none stays by oversight."""

from intel import access


def grant_only(rows, target, codename, *, groups):
    """Grants of that permission on `target` to these groups, by their keys, and to no other.

    `rows` is the table that holds the grants of such a target.
    """
    permission = access.permission_id(target._meta.model, codename)
    rows.objects.filter(content_object=target, permission_id=permission).exclude(
        group__in=groups
    ).delete()
    rows.objects.bulk_create(
        [
            rows(content_object=target, permission_id=permission, group_id=group)
            for group in groups
        ],
        ignore_conflicts=True,
    )
