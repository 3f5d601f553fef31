"""Who signs in: the member, with what every page says of him."""

from django.contrib.auth.backends import ModelBackend

from services.models import Member


class MemberBackend(ModelBackend):
    """Loads the unit and its department with the member: every page and every line of the journal
    name them. The outline of the department stays behind."""

    def get_user(self, user_id):
        members = Member.objects.select_related("unit__department").defer(
            "unit__department__outline"
        )
        member = members.filter(pk=user_id).first()
        return member if member and self.user_can_authenticate(member) else None
