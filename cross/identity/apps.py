from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "cross.identity"
    label = "identity"
    verbose_name = "Connexion"

    def ready(self):
        # Models are loaded only now.
        from cross import gate  # noqa: PLC0415
        from cross.identity import again, notes, purposes, sealing  # noqa: F401, PLC0415
        from cross.sealed import seals_too  # noqa: PLC0415

        gate.prove_by(again.unproved, purposes.ask)
        seals_too("seconds facteurs", sealing.seal_again)
