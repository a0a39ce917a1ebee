import audit.fields
import audit.ids
import audit.texts
import django.db.models.deletion
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('catalog', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('role', models.CharField(blank=True, default='', max_length=40)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queues', to='accounts.branch')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queues', to='accounts.team')),
            ],
            options={
                'permissions': [('work_queue', 'Claims and completes items of the queue'), ('lead_queue', 'Assigns, reassigns and reprioritises items of the queue')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('role', ''), _negated=True), fields=('role', 'branch'), name='queue_once_per_role_and_branch')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalWorkItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=audit.ids.uuid7, editable=False)),
                ('order_number', models.CharField(max_length=13)),
                ('kind', models.CharField(choices=[('work', 'Work'), ('approval', 'Approval')], default='work', max_length=10)),
                ('task', models.PositiveIntegerField()),
                ('tier', models.PositiveSmallIntegerField(default=0)),
                ('node', models.CharField(max_length=120)),
                ('skill', models.CharField(blank=True, default='', max_length=40)),
                ('role', models.CharField(blank=True, default='', max_length=40)),
                ('effort_minutes', models.PositiveIntegerField(default=0)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('state', django_fsm.FSMField(choices=[('queued', 'Queued'), ('assigned', 'Assigned'), ('in_progress', 'In Progress'), ('pending', 'Pending'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], default='queued', max_length=50, protected=True)),
                ('pend_reason', models.CharField(blank=True, default='', max_length=500)),
                ('due_at', models.DateTimeField(null=True)),
                ('band', models.CharField(blank=True, default='', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('acted_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.client')),
                ('completed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='orders.order')),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('queue', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='work.queue')),
            ],
            options={
                'verbose_name': 'historical work item',
                'verbose_name_plural': 'historical work items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('order_number', models.CharField(max_length=13)),
                ('kind', models.CharField(choices=[('work', 'Work'), ('approval', 'Approval')], default='work', max_length=10)),
                ('task', models.PositiveIntegerField()),
                ('tier', models.PositiveSmallIntegerField(default=0)),
                ('node', models.CharField(max_length=120)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('form', audit.fields.OrderedJSONField(default=dict)),
                ('skill', models.CharField(blank=True, default='', max_length=40)),
                ('role', models.CharField(blank=True, default='', max_length=40)),
                ('effort_minutes', models.PositiveIntegerField(default=0)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('state', django_fsm.FSMField(choices=[('queued', 'Queued'), ('assigned', 'Assigned'), ('in_progress', 'In Progress'), ('pending', 'Pending'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], default='queued', max_length=50, protected=True)),
                ('draft', models.JSONField(default=dict)),
                ('result', models.JSONField(null=True)),
                ('pend_reason', models.CharField(blank=True, default='', max_length=500)),
                ('due_at', models.DateTimeField(null=True)),
                ('band', models.CharField(blank=True, default='', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('acted_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.client')),
                ('completed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_items', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_items', to='orders.order')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='work.queue')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ('queued', 'assigned', 'in_progress', 'pending'))), fields=['queue', 'due_at', 'id'], name='item_queue_due'), models.Index(condition=models.Q(('state', 'queued')), fields=['queue', 'due_at', 'id'], name='item_queue_unowned'), models.Index(condition=models.Q(('due_at__isnull', False), ('state', 'queued')), fields=['queue', 'priority', 'due_at', 'id'], name='item_queue_next'), models.Index(condition=models.Q(('due_at__isnull', True), ('state', 'queued')), fields=['queue', 'priority', 'id'], name='item_queue_next_undated'), models.Index(condition=models.Q(('state__in', ('queued', 'assigned', 'in_progress', 'pending'))), fields=['queue', 'band', 'due_at', 'id'], name='item_queue_band'), models.Index(condition=models.Q(('state__in', ('assigned', 'in_progress', 'pending'))), fields=['holder', 'due_at', 'id'], name='item_mine'), models.Index(fields=['order', 'id'], name='item_of_order')],
                'constraints': [models.UniqueConstraint(fields=('order', 'task', 'tier'), name='item_once_per_task_and_tier'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('assigned', 'in_progress', 'pending')), models.Q(('holder', None), _negated=True)), models.Q(models.Q(('state__in', ('assigned', 'in_progress', 'pending')), _negated=True), ('holder', None)), _connector='OR'), name='item_held_by_one_when_held'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'completed'), _negated=True), models.Q(('completed_by', None), _negated=True), _connector='OR'), name='item_completed_by_one')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
    ]
