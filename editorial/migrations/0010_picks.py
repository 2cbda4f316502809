"""The desk's choice, and room on an edition for its address and for what lists choose by."""

import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from catalog.append_only import refreeze, rekeep

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # until 0011_rows_of_editions fills it
FROZEN = ("editorial", "Edition", ["article", "revision", "number", "html", "published_at"], ("ended_at",))
_thaw, _freeze = refreeze(*FROZEN)
_let_go, _keep = rekeep("editorial", "Edition")


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0007_former_addresses"),
        ("editorial", "0009_search"),
    ]

    operations = [
        _thaw,
        _let_go,
        migrations.CreateModel(
            name='Bylined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
            ],
            options={
                'verbose_name': 'byline of an edition',
                'verbose_name_plural': 'bylines of editions',
                'ordering': ['edition', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'mention in an edition',
                'verbose_name_plural': 'mentions in editions',
                'ordering': ['edition', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='1 leads the front page.', unique=True, verbose_name='position')),
            ],
            options={
                'verbose_name': 'pick',
                'verbose_name_plural': 'picks',
                'ordering': ['position'],
            },
        ),
        migrations.AddField(
            model_name='edition',
            name='first_published_at',
            field=models.DateTimeField(default=EPOCH, verbose_name='first published at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='edition',
            name='kind',
            field=models.CharField(choices=[('recap', 'recap'), ('guide', 'guide'), ('announcement', 'announcement'), ('review', 'review'), ('news', 'news')], default='recap', max_length=20, verbose_name='kind'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='edition',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('de', 'German'), ('es', 'Spanish')], default='en', max_length=10, verbose_name='language'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='edition',
            name='original',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='translated_editions', to='editorial.article', verbose_name='translation of'),
        ),
        migrations.AddField(
            model_name='edition',
            name='season',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='catalog.season', verbose_name='season'),
        ),
        migrations.AddField(
            model_name='edition',
            name='series',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='catalog.series', verbose_name='series'),
        ),
        migrations.AddField(
            model_name='edition',
            name='slug',
            field=models.SlugField(db_index=False, default='', max_length=150, verbose_name='slug'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='article',
            name='slug',
            field=models.SlugField(max_length=150, validators=[django.core.validators.RegexValidator('^(19|20)\\d\\d$', 'A year alone is the address of an archive. Add a word to it.', inverse_match=True)], verbose_name='slug'),
        ),
        migrations.AddField(
            model_name='bylined',
            name='contributor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='editorial.contributor', verbose_name='contributor'),
        ),
        migrations.AddField(
            model_name='bylined',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='editorial.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='mention',
            name='character',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='catalog.character', verbose_name='character'),
        ),
        migrations.AddField(
            model_name='mention',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='editorial.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='mention',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='catalog.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='pick',
            name='article',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pick', to='editorial.article', verbose_name='article'),
        ),
        migrations.AddConstraint(
            model_name='bylined',
            constraint=models.UniqueConstraint(models.F('edition'), models.F('contributor'), name='bylined_once_in_edition'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('character__isnull', True), ('person__isnull', False)), models.Q(('character__isnull', False), ('person__isnull', True)), _connector='OR'), name='mention_of_one_person_or_character', violation_error_message='A mention is of exactly one person or one character.'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(models.F('edition'), models.F('person'), name='mention_of_person_once_in_edition'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(models.F('edition'), models.F('character'), name='mention_of_character_once_in_edition'),
        ),
        migrations.AddConstraint(
            model_name='pick',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='pick_counts_from_1'),
        ),
        _keep,
        _freeze,
    ]
