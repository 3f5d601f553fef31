
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
import protocols.models
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('protocols', '0002_who_sees_what'),
        ('services', '0003_heads_and_readers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # the dates of a seat and its unit, in one constraint
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('signed_on', models.DateField(verbose_name='signé le')),
                ('changes', models.TextField(verbose_name='ce qu’il change')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='nouvelle fin')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'avenant',
            },
        ),
        migrations.CreateModel(
            name='ProtocolStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('suspended', 'Suspension'), ('resumed', 'Reprise'), ('ended', 'Fin décidée')], max_length=9, verbose_name='étape')),
                ('day', models.DateField(verbose_name='jour')),
                ('why', models.CharField(max_length=300, verbose_name='motif')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'étape du protocole',
            },
        ),
        migrations.AlterUniqueTogether(
            name='participation',
            unique_together=set(),
        ),
        migrations.AddField(
            model_name='participation',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='close le'),
        ),
        migrations.AddField(
            model_name='participation',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='participation',
            name='ended_why',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif de la fin'),
        ),
        migrations.AddField(
            model_name='participation',
            name='given_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='inscrite le'),
        ),
        migrations.AddField(
            model_name='participation',
            name='given_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at', None)), expressions=[('group', '='), ('permission', '='), ('content_object', '='), (protocols.models.DayRange('starts_on', 'ends_on', models.Value('[]')), '&&')], name='participation_one_seat_at_a_time', violation_error_message='Cette unité participe déjà à ces dates.'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='amendment',
            name='protocol',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='protocols.protocol'),
        ),
        migrations.AddField(
            model_name='protocolstep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='protocolstep',
            name='protocol',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='protocols.protocol'),
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.UniqueConstraint(fields=('protocol', 'rank'), name='amendment_rank'),
        ),
    ]
