"""A file that somebody sent, handed out: to be saved, never shown by the browser in our name."""

from django.http import FileResponse, HttpResponse


def original(row):
    """The file of a `cross.rows.Quarantined` row, as it came, under the name we gave it."""
    if row.is_held:
        raise ValueError(f"{row._meta.label} {row.pk} is in quarantine")
    return harmless(
        FileResponse(
            row.file.open("rb"),
            as_attachment=True,
            filename=row.name,
            content_type=row.content_type,
        )
    )


def drawn(picture, content_type):
    """A picture that we have drawn ourselves, to be seen in a page."""
    return harmless(HttpResponse(picture, content_type=content_type))


def harmless(response):
    """Whatever it holds, no script runs, nothing is fetched, its type is not guessed again."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
