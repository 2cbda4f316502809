"""Readers report mistakes, and the desk is told."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


def forget_notices(apps, schema_editor):
    """Without reports, their notices would name nothing."""
    apps.get_model("editorial", "Notification").objects.filter(report__isnull=False).delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0010_availability'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('editorial', '0013_portraits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReaderReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='page')),
                ('path', models.CharField(blank=True, max_length=500, verbose_name='address of the page')),
                ('record_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='record')),
                ('field', models.CharField(blank=True, max_length=50, verbose_name='field')),
                ('footnote', models.PositiveIntegerField(blank=True, null=True, verbose_name='footnote')),
                ('sentence', models.CharField(blank=True, max_length=500, verbose_name='sentence')),
                ('message', models.TextField(max_length=2000, verbose_name='what is wrong')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for an answer')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('state', models.CharField(choices=[('open', 'new'), ('looking', 'somebody looks at it'), ('closed', 'closed')], default='open', max_length=10, verbose_name='state')),
                ('outcome', models.CharField(blank=True, choices=[('corrected', 'corrected'), ('nothing wrong', 'nothing wrong'), ('spam', 'spam')], max_length=20, verbose_name='outcome')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                ('answer_state', models.CharField(blank=True, choices=[('waits', 'waits to be sent'), ('sent', 'sent'), ('failed', 'could not be sent')], max_length=10, verbose_name='mail')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_reports', to='editorial.article', verbose_name='article')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_reports', to='editorial.edition', verbose_name='edition')),
                ('mended_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.edition', verbose_name='edition that mends it')),
                ('passage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.passage', verbose_name='passage')),
                ('record_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who looks at it')),
            ],
            options={
                'verbose_name': 'report of a reader',
                'verbose_name_plural': 'reports of readers',
                'ordering': ['-at', '-pk'],
                'indexes': [
                    models.Index(models.F('at'), models.F('id'), condition=models.Q(('state__in', ['open', 'looking'])), name='report_waiting'),
                    models.Index(models.F('at'), condition=models.Q(('email', ''), _negated=True), name='report_with_address'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['open', 'looking', 'closed'])), name='report_state_known'),
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'corrected', 'nothing wrong', 'spam'])), name='report_outcome_known'),
                    models.CheckConstraint(condition=models.Q(('answer_state__in', ['', 'waits', 'sent', 'failed'])), name='report_answer_state_known'),
                    models.CheckConstraint(condition=models.Q(('message', ''), _negated=True), name='report_says_what_is_wrong'),
                    models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('message'), 2000), name='report_message_is_short'),
                    models.CheckConstraint(condition=models.Q(('footnote__isnull', True), ('footnote__gte', 1), _connector='OR'), name='report_footnotes_begin_at_1'),
                    models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', False), ('edition__isnull', False), ('record_id__isnull', True), ('record_type__isnull', True)), models.Q(('article__isnull', True), ('edition__isnull', True), ('footnote__isnull', True), ('mended_in__isnull', True), ('record_id__isnull', False), ('record_type__isnull', False)), _connector='OR'), name='report_of_an_edition_or_a_record'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('outcome', ''), ('state__in', ['open', 'looking'])), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='report_closes_with_an_outcome'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('taken_by__isnull', True)), models.Q(('state', 'looking'), ('taken_by__isnull', False)), ('state', 'closed'), _connector='OR'), name='report_looked_at_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'nothing wrong'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='report_without_mistake_says_why'),
                    models.CheckConstraint(condition=models.Q(('mended_in__isnull', True), ('outcome', 'corrected'), _connector='OR'), name='report_mended_where_corrected'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_state', '')), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('answer_state', ''), _negated=True)), _connector='OR'), name='report_answer_has_words'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('email', ''), ('answer_state', 'waits'), _connector='OR'), name='report_closed_forgets_the_address'),
                ],
            },
        ),
        migrations.AddField(
            model_name='notification',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='editorial.readerreport', verbose_name='report of a reader'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_notices),
    ]
