import audit.ids
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalDelegation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=audit.ids.uuid7, editable=False)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('matrix', models.CharField(blank=True, default='', max_length=60)),
                ('most_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('reason', models.CharField(max_length=500)),
                ('given_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('delegate', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegator', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical delegation',
                'verbose_name_plural': 'historical delegations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('matrix', models.CharField(blank=True, default='', max_length=60)),
                ('most_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('reason', models.CharField(max_length=500)),
                ('given_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to=settings.AUTH_USER_MODEL)),
                ('delegator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['delegate', 'ends_at'], name='delegation_held'), models.Index(fields=['delegator', 'ends_at'], name='delegation_given')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='delegation_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('delegate', models.F('delegator')), _negated=True), name='delegation_not_to_oneself'), models.CheckConstraint(condition=models.Q(('given_by', models.F('delegate')), _negated=True), name='delegation_not_given_by_who_gains'), models.CheckConstraint(condition=models.Q(models.Q(('currency', ''), ('most_minor', None)), models.Q(('most_minor__gt', 0), ('most_minor__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='delegation_money_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(models.Q(('revoked_at', None), _negated=True), models.Q(('revoked_by', None), _negated=True)), _connector='OR'), name='delegation_revoked_by_somebody')],
            },
        ),
    ]
