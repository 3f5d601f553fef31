"""What every answer carries, whatever the page."""

from cross.audit import journal


def closed_to_caches(get_response):
    """Nothing that a member reads is kept by a browser or a proxy; static files never get here."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def purpose_of_reading(get_response):
    """Lend the journal the purpose that the member gave at sign-in, for this request."""

    def middleware(request):
        with journal.purpose(request.session.get("purpose", "")):
            return get_response(request)

    return middleware
