"""The stage of a sign-in that asks the second factor."""

from allauth.mfa.stages import AuthenticateStage

from cross.identity import proof


class SecondFactor(AuthenticateStage):
    """allauth's own, but the identity provider may already have asked one."""

    urlname = "mfa_authenticate"

    def _should_handle(self, request):
        vouched = proof.came_by(request, self.login.user, {proof.OUTSIDE})
        return not vouched and super()._should_handle(request)
