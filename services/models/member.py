"""The member: one named person, one unit, an authorisation that somebody gave and that ends."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from cross.audit.journal import Identity
from cross.gate import Ending
from cross.ui.templatetags.words import day
from services.roles import Right, Role
from services.roles import may as may_ask


def person_behind(account):
    """For a query, what `Member.counts_as` is of the account that this column names."""
    return Coalesce(f"{account}__password_by", account)


class MemberQuerySet(models.QuerySet):
    def in_duty(self, on=None):
        on = on or timezone.localdate()
        return self.filter(is_active=True, authorised_from__lte=on, authorised_until__gte=on)


class MemberManager(UserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def create_user(self, username, password=None, **fields):
        member = self.model(username=self.model.normalize_username(username), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    create_superuser = None  # nobody reads everything


class Member(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(
        "identifiant",
        max_length=60,
        unique=True,
        error_messages={"unique": "Cet identifiant est déjà pris : choisissez-en un autre."},
    )
    first_name = models.CharField("prénom", max_length=60)
    last_name = models.CharField("nom", max_length=60)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=40, blank=True)
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="members", verbose_name="unité"
    )
    role = models.CharField("rôle", max_length=12, choices=Role)
    authorised_by = models.CharField(
        "habilité par",
        max_length=150,
        help_text="Nom et fonction du supérieur qui a désigné l’agent.",
    )
    authorised_from = models.DateField("habilité à partir du", default=timezone.localdate)
    authorised_until = models.DateField("habilité jusqu’au")
    is_active = models.BooleanField("compte ouvert", default=True)
    # The head of unit who gave the password, and so may sign in for him; none when it came from an
    # administrator, who reads nothing.
    password_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # What an outside provider of identity will say of him, written by whoever keeps the account.
    outside_identity = models.CharField(
        "identité ProConnect",
        max_length=191,
        blank=True,
        help_text="L’adresse professionnelle ou l’identifiant que ProConnect transmet, s’il s’en "
        "sert pour se connecter.",
    )
    # Somebody else knows it: nothing opens before he has chosen his own.
    password_is_provisional = models.BooleanField(default=False, editable=False)
    shortcuts = models.BooleanField("raccourcis clavier", default=True)

    objects = MemberManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "agent"
        constraints = [
            models.UniqueConstraint(
                fields=["outside_identity"],
                name="outside_identity_is_of_one_member",
                condition=~Q(outside_identity=""),
                violation_error_message="Cette identité est déjà celle d’un autre compte.",
            ),
            models.CheckConstraint(
                name="member_authorisation_ends_after_it_starts",
                condition=Q(authorised_until__gte=F("authorised_from")),
                violation_error_message="L’habilitation doit finir après avoir commencé.",
            ),
            models.CheckConstraint(
                name="member_is_no_superuser",
                condition=Q(is_superuser=False),
                violation_error_message="Aucun compte ne passe outre les droits.",
            ),
        ]

    def __str__(self):
        return f"{self.get_full_name()} ({self.unit})"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if "unit" in (kwargs.get("update_fields") or {"unit"}):
            # The unit is the truth; guardian asks the groups.
            self.groups.set([self.unit.group_id])

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def is_in_duty(self, on=None):
        """Is the account open and the authorisation running on that day?"""
        on = on or timezone.localdate()
        return self.is_active and self.authorised_from <= on <= self.authorised_until

    @property
    def counts_as(self):
        """The key of the person that this account stands for, where two persons are wanted."""
        return self.password_by_id or self.pk

    def ending_of_duty(self):
        """Why he is not in duty, for the page that says so."""
        if not self.is_active:
            return Ending(
                "Votre compte est fermé", "Depuis sa fermeture, plus rien ne vous est ouvert."
            )
        if self.authorised_from > timezone.localdate():
            return Ending(
                "Votre habilitation n’a pas commencé",
                f"Elle commence le {day(self.authorised_from)} : rien ne vous est ouvert avant.",
            )
        return Ending(
            "Votre habilitation est terminée",
            f"Elle courait jusqu’au {day(self.authorised_until)} : depuis, plus rien ne vous est "
            "ouvert, et vos contributions restent à la cellule.",
        )

    def people_to_call(self):
        """Whom to ask about an access that ended: the heads of his unit, then the cell.

        Pairs (who, telephone); the telephone may be missing.
        """
        unit = self.unit
        heads = unit.members.in_duty().filter(role=Role.HEAD).exclude(pk=self.pk)
        cells = type(unit).objects.filter(department=unit.department_id, is_cell=True)
        cells = cells.filter(closed_on=None).exclude(pk=unit.pk)
        return [
            *(
                (f"{head.get_full_name()}, chef d’unité", head.phone or unit.phone)
                for head in heads.order_by("last_name", "pk")
            ),
            *((cell.name, cell.phone) for cell in cells.order_by("sort_key", "pk")),
        ]

    def may(self, right):
        """Does the role of this member hold that right? For rooms below, which know no role."""
        return may_ask(Right(right))(self)

    @property
    def is_staff(self):
        return False  # Django's admin is not installed

    @property
    def journal_reference(self):
        return f"agent {self.username}"

    def journal_identity(self):
        return Identity(
            number=self.pk,
            name=self.get_full_name(),
            unit=str(self.unit),
            role=self.get_role_display(),
            department=self.unit.department.code,
        )
