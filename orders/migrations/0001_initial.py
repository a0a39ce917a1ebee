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
        ('processes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalOrder',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=audit.ids.uuid7, editable=False)),
                ('number', models.CharField(db_index=True, max_length=13, null=True)),
                ('idempotency_key', models.CharField(db_index=True, max_length=64)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('in_progress', 'In Progress'), ('waiting_on_client', 'Waiting On Client'), ('completed', 'Completed'), ('rejected', 'Rejected'), ('cancelled', 'Cancelled'), ('exception', 'Exception')], default='draft', max_length=50, protected=True)),
                ('resume_state', models.CharField(blank=True, default='', max_length=20)),
                ('amount_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('due_at', models.DateTimeField(null=True)),
                ('band', models.CharField(blank=True, default='', max_length=10)),
                ('promised_at', models.DateTimeField(null=True)),
                ('first_promised_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.TextField(blank=True, default='')),
                ('version', models.PositiveIntegerField(default=1)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.branch')),
                ('channel', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.channel')),
                ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.client')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('process', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='processes.instance')),
                ('product', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.product')),
                ('slot', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalog.slot')),
            ],
            options={
                'verbose_name': 'historical order',
                'verbose_name_plural': 'historical orders',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('number', models.CharField(max_length=13, null=True, unique=True)),
                ('idempotency_key', models.CharField(max_length=64, unique=True)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('in_progress', 'In Progress'), ('waiting_on_client', 'Waiting On Client'), ('completed', 'Completed'), ('rejected', 'Rejected'), ('cancelled', 'Cancelled'), ('exception', 'Exception')], default='draft', max_length=50, protected=True)),
                ('resume_state', models.CharField(blank=True, default='', max_length=20)),
                ('answers', models.JSONField(default=dict)),
                ('amount_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('due_at', models.DateTimeField(null=True)),
                ('band', models.CharField(blank=True, default='', max_length=10)),
                ('promised_at', models.DateTimeField(null=True)),
                ('first_promised_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.TextField(blank=True, default='')),
                ('version', models.PositiveIntegerField(default=1)),
                ('ledger_seq', models.PositiveIntegerField(default=0)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='accounts.branch')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='catalog.channel')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='accounts.client')),
                ('placed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placed_orders', to=settings.AUTH_USER_MODEL)),
                ('process', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='order', to='processes.instance')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='catalog.product')),
                ('slot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.slot')),
            ],
            options={
                'indexes': [models.Index(fields=['client', '-submitted_at'], name='order_by_client'), models.Index(fields=['product', 'state', 'due_at'], name='order_by_product'), models.Index(fields=['branch', 'submitted_at'], name='order_by_branch'), models.Index(fields=['ended_at'], name='order_by_end'), models.Index(condition=models.Q(('state__in', ('submitted', 'in_progress', 'waiting_on_client', 'exception'))), fields=['product', 'band'], name='order_depth'), models.Index(condition=models.Q(('state__in', ('submitted', 'in_progress', 'waiting_on_client'))), fields=['due_at'], name='order_open_by_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), models.Q(('number', None), _negated=True)), _connector='OR'), name='order_number_at_submission'), models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', None), ('currency', '')), models.Q(models.Q(('amount_minor', None), _negated=True), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='order_money_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('completed', 'rejected', 'cancelled')), _negated=True), models.Q(('ended_at', None), _negated=True), _connector='OR'), name='order_end_has_time')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.SlugField()),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('reached_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='orders.order')),
            ],
            options={
                'ordering': ['order', 'position'],
                'constraints': [models.UniqueConstraint(fields=('order', 'key'), name='milestone_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('from_client', models.BooleanField()),
                ('is_internal', models.BooleanField(default=False)),
                ('body', models.TextField(max_length=4000)),
                ('sent_at', models.DateTimeField()),
                ('idempotency_key', models.CharField(max_length=64, unique=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(fields=['order', 'sent_at'], name='message_thread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_client', True), ('is_internal', True), _negated=True), name='message_internal_is_staffs')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('field', models.CharField(blank=True, default='', max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(max_length=200, unique=True)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='orders.order')),
            ],
        ),
        migrations.CreateModel(
            name='ClientRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('task', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('title', models.JSONField(validators=[audit.texts.both_languages])),
                ('text', models.JSONField(validators=[audit.texts.both_languages])),
                ('form', audit.fields.OrderedJSONField()),
                ('draft', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'task'), name='request_once_per_task')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stars', models.PositiveSmallIntegerField()),
                ('comment', models.TextField(blank=True, default='', max_length=1000)),
                ('rated_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(fields=['rated_at'], name='rating_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='rating_one_to_five_stars')],
            },
        ),
        migrations.CreateModel(
            name='Urge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_client', models.BooleanField()),
                ('nodes', models.CharField(blank=True, default='', max_length=500)),
                ('working_day', models.DateField()),
                ('urged_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='urges', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('from_client', True)), fields=('order', 'working_day', 'nodes'), name='urge_once_a_day_by_clients')],
            },
        ),
    ]
