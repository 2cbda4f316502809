import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from catalog.append_only import refreeze

# SQLite rebuilds the table of revisions.
undone, done = refreeze(
    "editorial",
    "Revision",
    ["article", "number", "based_on", "author", "content", "content_hash", "created_at"],
)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalog', '0004_workbench_rows'),
        ('editorial', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        undone,
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('approved', 'approved'), ('changes requested', 'changes requested')], max_length=20, verbose_name='verdict')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('content_hash', models.CharField(max_length=64, verbose_name='content hash')),
                ('evidence', models.JSONField(verbose_name='evidence')),
                ('evidence_hash', models.CharField(max_length=64, verbose_name='evidence hash')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Autosave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('based_on', models.PositiveIntegerField(blank=True, null=True, verbose_name='based on')),
                ('content', models.JSONField(verbose_name='content')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'autosave',
                'verbose_name_plural': 'autosaves',
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author_label', models.CharField(max_length=200, verbose_name='who')),
                ('text', models.TextField(verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('start', models.PositiveIntegerField(blank=True, null=True, verbose_name='start')),
                ('end', models.PositiveIntegerField(blank=True, null=True, verbose_name='end')),
                ('exact', models.TextField(blank=True, verbose_name='words')),
                ('state', models.CharField(choices=[('anchored', 'at its words'), ('changed', 'its words changed'), ('gone', 'its words are gone')], default='anchored', max_length=20, verbose_name='state')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved at')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'correction'), ('clarification', 'clarification'), ('update', 'update'), ('retraction', 'retraction')], max_length=20, verbose_name='kind')),
                ('note', models.TextField(help_text='Readers see it.', verbose_name='note')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DueItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('publish', 'publish'), ('expire', 'take off the site')], max_length=20, verbose_name='what')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='leased until')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('retry_at', models.DateTimeField(blank=True, null=True, verbose_name='tried again at')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('outcome', models.CharField(blank=True, choices=[('', 'open'), ('done', 'done'), ('cancelled', 'cancelled'), ('missed', 'missed: its end came before its beginning')], default='', max_length=20, verbose_name='outcome')),
            ],
            options={
                'verbose_name': 'due item',
                'verbose_name_plural': 'due items',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=50, verbose_name='what')),
                ('actor_label', models.CharField(max_length=200, verbose_name='who')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed at')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=50, verbose_name='code')),
                ('where', models.TextField(blank=True, verbose_name='where')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'overridden warning',
                'verbose_name_plural': 'overridden warnings',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail', models.CharField(choices=[('at once', 'at once'), ('digest', 'one digest a day'), ('none', 'no mail')], default='digest', max_length=20, verbose_name='mail')),
            ],
            options={
                'verbose_name': 'preference',
                'verbose_name_plural': 'preferences',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'presence',
                'verbose_name_plural': 'presences',
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('html', models.TextField(verbose_name='HTML')),
            ],
            options={
                'verbose_name': 'preview link',
                'verbose_name_plural': 'preview links',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SentenceVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sentence_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the sentence')),
                ('sentence', models.TextField(verbose_name='sentence')),
                ('mark', models.CharField(choices=[('holds', 'holds'), ('wrong', 'does not hold')], max_length=20, verbose_name='verdict')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'verdict on a sentence',
                'verbose_name_plural': 'verdicts on sentences',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('recap', 'recap'), ('guide', 'guide'), ('announcement', 'announcement'), ('review', 'review'), ('news', 'news')], max_length=20, verbose_name='kind')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('four_eyes', models.BooleanField(default=True, help_text='Nobody approves a text that they wrote.', verbose_name='four eyes')),
                ('approvals_needed', models.PositiveSmallIntegerField(default=1, verbose_name='approvals needed')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'stage',
                'verbose_name_plural': 'stages',
                'ordering': ['kind', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('group_name', models.CharField(max_length=150, verbose_name='name of the group')),
                ('four_eyes', models.BooleanField(verbose_name='four eyes')),
                ('approvals_needed', models.PositiveSmallIntegerField(verbose_name='approvals needed')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['submission', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submitted_at', models.DateTimeField(verbose_name='submitted at')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('outcome', models.CharField(blank=True, choices=[('', 'open'), ('published', 'published'), ('withdrawn', 'withdrawn'), ('changes requested', 'changes requested')], default='', max_length=20, verbose_name='outcome')),
            ],
            options={
                'verbose_name': 'submission',
                'verbose_name_plural': 'submissions',
                'ordering': ['-submitted_at', '-pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ['-updated_at', '-pk'], 'permissions': [('submit_article', 'Can submit articles'), ('change_others_article', 'Can change articles of others'), ('review_article', 'Can review articles'), ('publish_article', 'Can publish articles')], 'verbose_name': 'article', 'verbose_name_plural': 'articles'},
        ),
        migrations.RemoveConstraint(
            model_name='article',
            name='article_status_known',
        ),
        migrations.AddField(
            model_name='revision',
            name='is_stray',
            field=models.BooleanField(default=False, help_text="Kept from a save that came too late: never the article's text, never published.", verbose_name='stray'),
        ),
        migrations.AddField(
            model_name='revision',
            name='note',
            field=models.CharField(blank=True, max_length=300, verbose_name='why'),
        ),
        migrations.AlterField(
            model_name='article',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('in review', 'in review'), ('approved', 'approved'), ('scheduled', 'scheduled'), ('published', 'published'), ('retracted', 'retracted'), ('archived', 'archived')], default='draft', editable=False, max_length=20, verbose_name='status'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in review', 'approved', 'scheduled', 'published', 'retracted', 'archived'])), name='article_status_known'),
        ),
        migrations.AddField(
            model_name='approval',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='approval',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer'),
        ),
        migrations.AddField(
            model_name='autosave',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='autosaves', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='autosave',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='comment',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='comment',
            name='mentions',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentions'),
        ),
        migrations.AddField(
            model_name='comment',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='editorial.comment', verbose_name='reply to'),
        ),
        migrations.AddField(
            model_name='comment',
            name='resolved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by'),
        ),
        migrations.AddField(
            model_name='comment',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='correction',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='correction',
            name='edition',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='editorial.edition', verbose_name='new edition'),
        ),
        migrations.AddField(
            model_name='correction',
            name='replaced',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='editorial.edition', verbose_name='replaced edition'),
        ),
        migrations.AddField(
            model_name='dueitem',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='due_items', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='dueitem',
            name='revision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='dueitem',
            name='scheduled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='scheduled by'),
        ),
        migrations.AddField(
            model_name='notification',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='notification',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='override',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='override',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='override',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor'),
        ),
        migrations.AddField(
            model_name='preference',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='presence',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='presence',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='previewlink',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='previewlink',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preview_links', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='sentenceverdict',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='sentenceverdict',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fact-checker'),
        ),
        migrations.AddField(
            model_name='stage',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='auth.group', verbose_name='group'),
        ),
        migrations.AddField(
            model_name='step',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='auth.group', verbose_name='group'),
        ),
        migrations.AddField(
            model_name='sentenceverdict',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='editorial.step', verbose_name='step'),
        ),
        migrations.AddField(
            model_name='approval',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='editorial.step', verbose_name='step'),
        ),
        migrations.AddField(
            model_name='submission',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='submission',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.revision', verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='submission',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by'),
        ),
        migrations.AddField(
            model_name='step',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='editorial.submission', verbose_name='submission'),
        ),
        migrations.AddConstraint(
            model_name='autosave',
            constraint=models.UniqueConstraint(models.F('user'), models.F('article'), name='autosave_one_of_a_person_for_an_article', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['anchored', 'changed', 'gone'])), name='comment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end__isnull', True), ('start__isnull', True)), ('end__gt', models.F('start')), _connector='OR'), name='comment_span_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['correction', 'clarification', 'update', 'retraction'])), name='correction_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='correction_has_a_note'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', True), ('kind', 'retraction')), models.Q(models.Q(('kind', 'retraction'), _negated=True), ('edition__isnull', False)), _connector='OR'), name='correction_retracts_or_has_an_edition'),
        ),
        migrations.AddIndex(
            model_name='dueitem',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at'], name='due_item_open'),
        ),
        migrations.AddConstraint(
            model_name='dueitem',
            constraint=models.UniqueConstraint(models.F('article'), models.F('verb'), condition=models.Q(('closed_at__isnull', True)), name='due_item_one_open_of_a_kind_for_an_article'),
        ),
        migrations.AddConstraint(
            model_name='dueitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verb', 'publish'), _negated=True), ('revision__isnull', False), _connector='OR'), name='due_item_publishes_a_revision'),
        ),
        migrations.AddConstraint(
            model_name='dueitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='due_item_closes_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='dueitem',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['publish', 'expire'])), name='due_item_verb_known'),
        ),
        migrations.AddConstraint(
            model_name='dueitem',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'done', 'cancelled', 'missed'])), name='due_item_outcome_known'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user', '-at'], name='notification_unread'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('mail__in', ['at once', 'digest', 'none'])), name='preference_mail_known'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(models.F('article'), models.F('user'), name='presence_once'),
        ),
        migrations.AddConstraint(
            model_name='previewlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='preview_expires_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(models.F('kind'), models.F('position'), name='stage_position_once_in_kind', violation_error_message='This kind of article has a stage at that position already.'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('approvals_needed__gte', 1)), name='stage_needs_an_approval', violation_error_message='A stage needs at least one approval.'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recap', 'guide', 'announcement', 'review', 'news'])), name='stage_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='sentenceverdict',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('sentence_sha256'), 64), name='sentence_verdict_hash_is_hex'),
        ),
        migrations.AddConstraint(
            model_name='sentenceverdict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mark', 'wrong'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='sentence_verdict_says_what_is_wrong'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['approved', 'changes requested'])), name='approval_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'changes requested'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='approval_says_what_to_change'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('content_hash'), 64), name='approval_content_hash_is_hex'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('evidence_hash'), 64), name='approval_evidence_hash_is_hex'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(models.F('article'), condition=models.Q(('ended_at__isnull', True)), name='submission_one_open_for_an_article'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='submission_ends_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'published', 'withdrawn', 'changes requested'])), name='submission_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(models.F('submission'), models.F('position'), name='step_position_once_in_submission'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('approvals_needed__gte', 1)), name='step_needs_an_approval'),
        ),
        done,
    ]
