from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_migrate

LETTERS = """
SELECT 'waiting', count(*) FROM intel_letter
WHERE sent_at IS NULL AND given_up_at IS NULL AND dropped_at IS NULL
UNION ALL
SELECT 'given up', count(*) FROM intel_letter WHERE given_up_at > now() - interval '1 day'
"""


class IntelConfig(AppConfig):
    name = "intel"
    verbose_name = "Renseignement"

    def ready(self):
        # Models are loaded only now.
        from cross import fence, gate, history  # noqa: PLC0415
        from cross.watching.asked import also  # noqa: PLC0415
        from intel import access  # noqa: PLC0415
        from intel.actions.visits import note_sign_in  # noqa: PLC0415
        from intel.models.choices import Product  # noqa: PLC0415
        from intel.models.sql import FENCED  # noqa: PLC0415
        from intel.reading.endings import ending_of  # noqa: PLC0415
        from protocols import subjects  # noqa: PLC0415

        # The rooms below ask what they cannot know: what a seat is about, and what is still open.
        subjects.offer(Product.choices)
        gate.ask_also(ending_of)
        fence.stands_around(FENCED)
        also("cross_letters", "Mails that wait, and given up in the last day.", "letters", LETTERS)
        user_logged_in.connect(note_sign_in, dispatch_uid="note when a member came")
        pre_migrate.connect(history.must_be_ours, sender=self, dispatch_uid="our own history")
        # The last room: every table is made.
        post_migrate.connect(fence.open_to_web, sender=self, dispatch_uid="open to the web")
        # Migrating may give permissions new keys.
        post_migrate.connect(
            lambda **kwargs: access.permission_id.cache_clear(),
            dispatch_uid="forget permission keys",
            weak=False,
        )
