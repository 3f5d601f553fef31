
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='qui')),
                ('at', models.DateTimeField(verbose_name='quand')),
            ],
            options={
                'verbose_name': 'signe de vie',
                'verbose_name_plural': 'signes de vie',
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='travail')),
                ('args', models.JSONField(default=dict, verbose_name='arguments')),
                ('unique_key', models.CharField(blank=True, max_length=120, null=True, verbose_name='clé')),
                ('requested_by', models.CharField(blank=True, max_length=200, verbose_name='demandé par')),
                ('requested_by_id', models.BigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('queued', 'en attente'), ('running', 'en cours'), ('done', 'terminé'), ('failed', 'échoué')], default='queued', max_length=10, verbose_name='état')),
                ('progress', models.PositiveIntegerField(default=0, verbose_name='fait')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='à faire')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='où il en est')),
                ('result', models.JSONField(blank=True, null=True, verbose_name='résultat')),
                ('error', models.TextField(blank=True, verbose_name='erreur')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='transmis le')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='commencé le')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='fini le')),
            ],
            options={
                'verbose_name': 'travail',
                'verbose_name_plural': 'travaux',
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['state', 'created_at'], name='outbox_live_jobs')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('unique_key',), name='outbox_one_live_job_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['queued', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='outbox_an_end_has_its_time')],
            },
        ),
    ]
