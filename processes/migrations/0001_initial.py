import audit.fields
import audit.texts
import django.db.models.deletion
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcessModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
            ],
            options={
                'permissions': [('edit_process', 'Drafts and proposes versions'), ('approve_process', 'Approves versions of others')],
            },
        ),
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('call', models.PositiveIntegerField(default=0)),
                ('serial', models.PositiveIntegerField(default=0)),
                ('status', django_fsm.FSMField(choices=[('running', 'Running'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('error', 'Error')], default='running', max_length=50, protected=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('state', models.JSONField()),
                ('passing', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='called', to='processes.instance')),
                ('root', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='below', to='processes.instance')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('message', 'Message'), ('signal', 'Signal')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('keys', models.JSONField(default=dict)),
                ('key', models.CharField(max_length=300)),
                ('payload', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('received_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, default='', max_length=500)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('expired_at', models.DateTimeField(null=True)),
                ('delivered_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='processes.instance')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='processes.instance')),
            ],
        ),
        migrations.CreateModel(
            name='PassagesRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='passages_read_one_row')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalProcessVersion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('in_force', 'In Force'), ('superseded', 'Superseded'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='draft', max_length=50, protected=True)),
                ('justification', models.TextField(blank=True, default='')),
                ('effective_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('in_force_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('digest', models.CharField(max_length=64)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='processes.processmodel')),
            ],
            options={
                'verbose_name': 'historical process version',
                'verbose_name_plural': 'historical process versions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ProcessVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('in_force', 'In Force'), ('superseded', 'Superseded'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], default='draft', max_length=50, protected=True)),
                ('justification', models.TextField(blank=True, default='')),
                ('effective_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('in_force_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('xml', models.BinaryField()),
                ('forms', audit.fields.OrderedJSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('checker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='processes.processmodel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'number'), name='process_version_number'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('model',), name='process_one_version_in_force'), models.CheckConstraint(condition=models.Q(('checker', None), ('maker', None), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR'), name='process_version_four_eyes')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=120)),
                ('order', models.UUIDField(null=True)),
                ('entered_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('seconds', models.PositiveBigIntegerField(null=True)),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='processes.instance')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='processes.processversion')),
            ],
            options={
                'indexes': [models.Index(fields=['version', 'left_at', 'node'], name='passage_of_version'), models.Index(condition=models.Q(('left_at', None)), fields=['instance'], name='passage_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('left_at', None), ('seconds', None)), models.Q(('left_at__gte', models.F('entered_at')), ('left_at__isnull', False), ('seconds__isnull', False)), _connector='OR'), name='passage_left_after_entered')],
            },
        ),
        migrations.AddField(
            model_name='instance',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instances', to='processes.processversion'),
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=120)),
                ('element', models.CharField(blank=True, default='', max_length=120)),
                ('cause', models.TextField()),
                ('event', models.JSONField()),
                ('happened_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_retry_at', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='processes.instance')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='processes.message')),
                ('failed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='processes.processversion')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('resolved_at', None)), fields=['next_retry_at'], name='incident_to_retry')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('instance',), name='incident_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=120)),
                ('variables', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=2000)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='processes.incident')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('incident',), name='skip_one_open'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='skip_four_eyes')],
            },
        ),
        migrations.CreateModel(
            name='Start',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=12)),
                ('name', models.CharField(blank=True, default='', max_length=200)),
                ('due_at', models.DateTimeField(null=True)),
                ('left', models.IntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('every', models.CharField(blank=True, default='', max_length=40)),
                ('holds', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='starts', to='processes.processversion')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['kind', 'name'], name='start_waiting'), models.Index(condition=models.Q(('ended_at', None)), fields=['due_at', 'id'], name='start_due')],
                'constraints': [models.UniqueConstraint(fields=('version', 'node'), name='start_once_per_event')],
            },
        ),
        migrations.AddField(
            model_name='message',
            name='start',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='processes.start'),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('keys', models.JSONField(default=dict)),
                ('key', models.CharField(max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='processes.instance')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['kind', 'name', 'key', 'id'], name='subscription_waiting')],
                'constraints': [models.UniqueConstraint(fields=('instance', 'number'), name='subscription_number')],
            },
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('fired', models.BooleanField(default=False)),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timers', to='processes.instance')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at', 'id'], name='timer_waiting')],
                'constraints': [models.UniqueConstraint(fields=('instance', 'number'), name='timer_number')],
            },
        ),
        migrations.CreateModel(
            name='AcceptanceCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('plan', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='processes.processmodel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('model', 'name'), name='case_one_of_a_name')],
            },
        ),
        migrations.AddIndex(
            model_name='instance',
            index=models.Index(fields=['version', 'status'], name='instance_by_version'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.UniqueConstraint(condition=models.Q(('parent', None)), fields=('subject',), name='instance_one_root_per_subject'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.UniqueConstraint(fields=('parent', 'call'), name='instance_once_per_call'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.UniqueConstraint(fields=('root', 'serial'), name='instance_serial_below_root'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('call', 0), ('parent', None), ('root', None), ('serial', 0)), models.Q(models.Q(('parent', None), _negated=True), models.Q(('root', None), _negated=True), ('call__gt', 0), ('serial__gt', 0)), _connector='OR'), name='instance_root_or_called'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('delivered_at', None), ('expired_at', None)), fields=['kind', 'name', 'key', 'id'], name='message_parked'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('delivered_at', None), ('expired_at', None)), fields=['expires_at'], name='message_expiring'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('delivered_at', None), ('expired_at', None), _connector='OR'), name='message_delivered_or_expired'),
        ),
    ]
