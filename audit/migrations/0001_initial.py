import audit.ids
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('beat_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=60, unique=True)),
                ('wrapped', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('first_entry', models.BigIntegerField()),
                ('last_entry', models.BigIntegerField(unique=True)),
                ('entries', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('head', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=128)),
                ('key_id', models.CharField(max_length=16)),
                ('sealed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('action_id', models.UUIDField()),
                ('fact', models.CharField(max_length=80)),
                ('subject', models.CharField(max_length=80)),
                ('order_ref', models.CharField(blank=True, default='', max_length=40)),
                ('order_seq', models.PositiveIntegerField(null=True)),
                ('actor', models.CharField(max_length=120)),
                ('actor_name', models.CharField(max_length=150)),
                ('on_behalf_of', models.CharField(blank=True, default='', max_length=120)),
                ('via', models.CharField(max_length=20)),
                ('reason', models.TextField(blank=True, default='')),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('data', models.JSONField(default=dict)),
                ('person', models.CharField(blank=True, default='', max_length=60)),
                ('personal', models.TextField(blank=True, default='')),
                ('replayed', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'id'], name='entry_by_subject'), models.Index(fields=['fact', 'happened_at'], name='entry_by_fact'), models.Index(fields=['actor', 'happened_at'], name='entry_by_actor'), models.Index(fields=['happened_at', 'id'], name='entry_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('order_ref', ''), _negated=True), fields=('order_ref', 'order_seq'), name='entry_one_number_per_order'), models.CheckConstraint(condition=models.Q(models.Q(('order_ref', ''), ('order_seq', None)), models.Q(models.Q(('order_ref', ''), _negated=True), ('order_seq__gte', 1)), _connector='OR'), name='entry_order_is_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=120)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('parked_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True, default='')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='audit.entry')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['due_at', 'id'], name='delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'reaction'), name='delivery_once_per_reaction')],
            },
        ),
    ]
