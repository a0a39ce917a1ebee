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
        ('work', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('service', 'Service'), ('regulatory', 'Regulatory')], default='service', max_length=10)),
                ('target', models.CharField(max_length=20)),
                ('calendar', models.CharField(max_length=40)),
                ('cadence', models.CharField(blank=True, default='', max_length=20)),
                ('state', django_fsm.FSMField(choices=[('running', 'Running'), ('paused', 'Paused'), ('met', 'Met'), ('breached', 'Breached'), ('cancelled', 'Cancelled')], default='running', max_length=50, protected=True)),
                ('band', models.CharField(default='green', max_length=10)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('yellow_at', models.DateTimeField()),
                ('red_at', models.DateTimeField()),
                ('window_seconds', models.PositiveIntegerField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('pause_reason', models.CharField(blank=True, default='', max_length=40)),
                ('paused_seconds', models.PositiveIntegerField(default=0)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('escalation_tier', models.PositiveSmallIntegerField(default=0)),
                ('escalates_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='orders.order')),
                ('work_item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='work.workitem')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_check_at', None), _negated=True), fields=['next_check_at', 'id'], name='clock_to_check'), models.Index(fields=['stopped_at'], name='clock_by_stop')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('work_item', None)), fields=('order', 'kind'), name='clock_once_per_order'), models.UniqueConstraint(condition=models.Q(('work_item', None), _negated=True), fields=('work_item', 'kind'), name='clock_once_per_item')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('breached_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, default='', max_length=40)),
                ('explanation', models.TextField(blank=True, default='', max_length=2000)),
                ('explained_at', models.DateTimeField(null=True)),
                ('explained_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clock', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='breach_record', to='sla.clock')),
            ],
            options={
                'indexes': [models.Index(fields=['breached_at'], name='breach_by_time'), models.Index(condition=models.Q(('cause', '')), fields=['breached_at'], name='breach_unexplained')],
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.PositiveSmallIntegerField()),
                ('role', models.CharField(max_length=40)),
                ('due_at', models.DateTimeField(null=True)),
                ('happened_at', models.DateTimeField()),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='sla.clock')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clock', 'tier'), name='escalation_once_per_tier')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalBreach',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('breached_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, default='', max_length=40)),
                ('explanation', models.TextField(blank=True, default='', max_length=2000)),
                ('explained_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('clock', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sla.clock')),
                ('explained_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical breach',
                'verbose_name_plural': 'historical breachs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalClock',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('service', 'Service'), ('regulatory', 'Regulatory')], default='service', max_length=10)),
                ('target', models.CharField(max_length=20)),
                ('calendar', models.CharField(max_length=40)),
                ('cadence', models.CharField(blank=True, default='', max_length=20)),
                ('state', django_fsm.FSMField(choices=[('running', 'Running'), ('paused', 'Paused'), ('met', 'Met'), ('breached', 'Breached'), ('cancelled', 'Cancelled')], default='running', max_length=50, protected=True)),
                ('band', models.CharField(default='green', max_length=10)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('yellow_at', models.DateTimeField()),
                ('red_at', models.DateTimeField()),
                ('window_seconds', models.PositiveIntegerField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('pause_reason', models.CharField(blank=True, default='', max_length=40)),
                ('paused_seconds', models.PositiveIntegerField(default=0)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('escalation_tier', models.PositiveSmallIntegerField(default=0)),
                ('escalates_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='orders.order')),
                ('work_item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='work.workitem')),
            ],
            options={
                'verbose_name': 'historical clock',
                'verbose_name_plural': 'historical clocks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
