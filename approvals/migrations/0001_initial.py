import audit.ids
import django.db.models.deletion
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('orders', '0001_initial'),
        ('rulebook', '0001_initial'),
        ('work', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalRequest',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=audit.ids.uuid7, editable=False)),
                ('task', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('rules', models.JSONField()),
                ('evidence', models.JSONField(default=list)),
                ('log_only', models.BooleanField(default=False)),
                ('state', django_fsm.FSMField(choices=[('open', 'Open'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('returned', 'Returned'), ('void', 'Void')], default='open', max_length=50, protected=True)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='orders.order')),
                ('table_version', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rulebook.tableversion')),
            ],
            options={
                'verbose_name': 'historical request',
                'verbose_name_plural': 'historical requests',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('task', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('facts', models.JSONField()),
                ('rules', models.JSONField()),
                ('evidence', models.JSONField(default=list)),
                ('log_only', models.BooleanField(default=False)),
                ('state', django_fsm.FSMField(choices=[('open', 'Open'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('returned', 'Returned'), ('void', 'Void')], default='open', max_length=50, protected=True)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('maker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approval_requests', to='orders.order')),
                ('table_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rulebook.tableversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'task'), name='approval_once_per_task')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='SupervisoryLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('logged_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('comment', models.CharField(blank=True, default='', max_length=500)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisory_logs', to='orders.order')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='supervisory_log', to='approvals.request')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('signed_at', None)), fields=['due_at'], name='supervisory_log_unsigned')],
            },
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('role', models.CharField(max_length=40)),
                ('time_limit', models.CharField(blank=True, default='', max_length=20)),
                ('remind_after', models.CharField(blank=True, default='', max_length=20)),
                ('escalate_after', models.CharField(blank=True, default='', max_length=20)),
                ('escalate_to', models.CharField(blank=True, default='', max_length=40)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='approvals.request')),
                ('work_item', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_tier', to='work.workitem')),
            ],
            options={
                'ordering': ['request', 'number'],
                'constraints': [models.UniqueConstraint(fields=('request', 'number'), name='tier_number')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('approve', 'Approve'), ('reject', 'Reject'), ('more_information', 'More Information')], max_length=20)),
                ('reason', models.TextField(max_length=2000)),
                ('evidence', models.JSONField(default=dict)),
                ('decided_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.request')),
                ('tier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='approvals.tier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'by'), name='decision_one_tier_per_person'), models.CheckConstraint(condition=models.Q(('maker', None), models.Q(('by', models.F('maker')), _negated=True), _connector='OR'), name='decision_maker_is_not_checker'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='decision_has_reason')],
            },
        ),
    ]
