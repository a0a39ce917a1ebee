import audit.ids
import audit.texts
import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Connector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('way', models.CharField(choices=[('rest', 'Rest'), ('file', 'File')], max_length=10)),
                ('settings', models.JSONField(default=dict)),
                ('secret', models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='InboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=80)),
                ('kind', models.CharField(default='answer', max_length=20)),
                ('call_id', models.CharField(blank=True, max_length=40)),
                ('payload', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('handled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('applied', 'Applied'), ('late', 'Late'), ('unknown', 'Unknown')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('connector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='integrations.connector')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('handled_at', None)), fields=['received_at', 'id'], name='message_to_handle')],
                'constraints': [models.UniqueConstraint(fields=('connector', 'message_id'), name='message_received_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboxCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('task', models.PositiveIntegerField()),
                ('node', models.CharField(max_length=120)),
                ('operation', models.CharField(max_length=60)),
                ('payload', models.JSONField()),
                ('state', django_fsm.FSMField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn'), ('parked', 'Parked')], default='queued', max_length=50, protected=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('reference', models.CharField(blank=True, default='', max_length=40)),
                ('last_error', models.TextField(blank=True, default='')),
                ('connector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='integrations.connector')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outbox_calls', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['next_attempt_at', 'id'], name='call_to_send'), models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['connector', 'answered_at'], name='call_confirmed'), models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['connector', 'reference'], name='call_by_reference')],
                'constraints': [models.UniqueConstraint(fields=('order', 'task'), name='call_once_per_task')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
    ]
