import catalog.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from catalog.append_only import refreeze

# SQLite rebuilds the table of passages.
undone, done = refreeze("catalog", "Passage", ["source", "number"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_append_only'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        undone,
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('field', models.CharField(blank=True, max_length=50, verbose_name='field')),
                ('value', models.CharField(max_length=500, verbose_name='value')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('overruled', models.JSONField(default=list, verbose_name='overruled statements')),
                ('at', models.DateTimeField(verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reanchoring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField(verbose_name='start')),
                ('end', models.PositiveIntegerField(verbose_name='end')),
                ('state', models.CharField(choices=[('verified', 'verified'), ('changed', 'changed'), ('moved', 'moved'), ('lost', 'lost')], max_length=20, verbose_name='outcome')),
                ('new_start', models.PositiveIntegerField(blank=True, null=True, verbose_name='new start')),
                ('new_end', models.PositiveIntegerField(blank=True, null=True, verbose_name='new end')),
                ('similarity', models.FloatField(verbose_name='similarity')),
                ('resolution', models.CharField(blank=True, choices=[('', 'open'), ('confirmed', 'confirmed'), ('re-selected', 'selected anew'), ('withdrawn', 'withdrawn'), ('superseded', 'settled by a later capture')], default='', max_length=20, verbose_name='resolution')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved at')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('removed', models.JSONField(blank=True, default=list, help_text='What a withdrawn passage was cited for.', verbose_name='removed citations')),
            ],
            options={
                'verbose_name': 'passage captured again',
                'verbose_name_plural': 'passages captured again',
                'ordering': ['recapture', 'start', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Recapture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'recapture',
                'verbose_name_plural': 'recaptures',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='VerificationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('checked', models.JSONField(default=dict, verbose_name='checked')),
                ('damage', models.PositiveIntegerField(default=0, verbose_name='damage')),
                ('warnings', models.PositiveIntegerField(default=0, verbose_name='warnings')),
                ('findings', models.JSONField(blank=True, default=list, verbose_name='findings')),
            ],
            options={
                'verbose_name': 'verification run',
                'verbose_name_plural': 'verification runs',
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_stance_known',
        ),
        migrations.RemoveConstraint(
            model_name='passage',
            name='passage_state_known',
        ),
        migrations.AddField(
            model_name='passage',
            name='words_key',
            field=catalog.fields.SearchKeyField(source='words'),
        ),
        migrations.AddField(
            model_name='source',
            name='last_number',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='last passage number'),
        ),
        migrations.AddField(
            model_name='source',
            name='quote_limit',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How much of its text readers may see in excerpts, in per cent. Empty for the usual limit.', null=True, verbose_name='limit of quoting'),
        ),
        migrations.AlterField(
            model_name='citation',
            name='stance',
            field=models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts'), ('mentions', 'mentions'), ('earlier', 'said so earlier')], default='supports', max_length=20, verbose_name='stance'),
        ),
        migrations.AlterField(
            model_name='passage',
            name='state',
            field=models.CharField(choices=[('verified', 'verified'), ('changed', 'changed'), ('moved', 'moved'), ('lost', 'lost'), ('withdrawn', 'withdrawn'), ('unattached', 'text not on this machine')], default='unattached', max_length=20, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('stance__in', ['supports', 'contradicts', 'mentions', 'earlier'])), name='citation_stance_known'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['verified', 'changed', 'moved', 'lost', 'withdrawn', 'unattached'])), name='passage_state_known'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('quote_limit__isnull', True), ('quote_limit__range', (1, 100)), _connector='OR'), name='source_quote_limit_is_a_share', violation_error_message='The limit of quoting is a share from 1 to 100 per cent.'),
        ),
        migrations.AddField(
            model_name='decision',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='decision',
            name='content_type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record'),
        ),
        migrations.AddField(
            model_name='reanchoring',
            name='passage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reanchorings', to='catalog.passage', verbose_name='passage'),
        ),
        migrations.AddField(
            model_name='reanchoring',
            name='resolved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by'),
        ),
        migrations.AddField(
            model_name='reanchoring',
            name='taken_from',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.snapshot', verbose_name='taken from'),
        ),
        migrations.AddField(
            model_name='recapture',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='recapture',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recaptures', to='catalog.snapshot', verbose_name='new snapshot'),
        ),
        migrations.AddField(
            model_name='recapture',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recaptures', to='catalog.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='reanchoring',
            name='recapture',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reanchorings', to='catalog.recapture', verbose_name='recapture'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['content_type', 'object_id'], name='decision_target'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='decision_has_a_value'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='decision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reanchoring',
            constraint=models.UniqueConstraint(models.F('recapture'), models.F('passage'), name='reanchoring_once_for_a_passage_in_a_recapture'),
        ),
        migrations.AddConstraint(
            model_name='reanchoring',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['verified', 'changed', 'moved', 'lost'])), name='reanchoring_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reanchoring',
            constraint=models.CheckConstraint(condition=models.Q(('resolution__in', ['', 'confirmed', 're-selected', 'withdrawn', 'superseded'])), name='reanchoring_resolution_known'),
        ),
        migrations.AddConstraint(
            model_name='reanchoring',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('new_end__isnull', True), ('new_start__isnull', True), ('state', 'lost')), models.Q(models.Q(('state', 'lost'), _negated=True), ('new_start__lt', models.F('new_end'))), _connector='OR'), name='reanchoring_lost_is_nowhere'),
        ),
        migrations.AddConstraint(
            model_name='reanchoring',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolution', ''), ('resolved_at__isnull', True)), models.Q(models.Q(('resolution', ''), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='reanchoring_resolved_has_its_time'),
        ),
        done,
    ]
