import audit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('integrations', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('expected_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('compared_at', models.DateTimeField(null=True)),
                ('connector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='integrations.connector')),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statement', to='integrations.inboxmessage')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connector', 'day'), name='statement_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('message', None), ('received_at', None)), models.Q(models.Q(('received_at', None), _negated=True), models.Q(('message', None), _negated=True)), _connector='OR'), name='statement_received_as_message'), models.CheckConstraint(condition=models.Q(('compared_at', None), models.Q(('received_at', None), _negated=True), _connector='OR'), name='statement_compared_when_received')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=40)),
                ('order_number', models.CharField(max_length=40)),
                ('operation', models.CharField(max_length=60)),
                ('amount_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='reconciliation.statement')),
            ],
            options={
                'indexes': [models.Index(fields=['reference'], name='line_by_reference')],
                'constraints': [models.UniqueConstraint(fields=('statement', 'position'), name='line_position')],
            },
        ),
        migrations.CreateModel(
            name='Break',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('missing', 'Missing'), ('unknown', 'Unknown'), ('amount', 'Amount'), ('doubled', 'Doubled'), ('differs', 'Differs'), ('no_statement', 'No Statement')], max_length=20)),
                ('reference', models.CharField(blank=True, default='', max_length=40)),
                ('order_number', models.CharField(blank=True, default='', max_length=40)),
                ('operation', models.CharField(blank=True, default='', max_length=60)),
                ('ours_minor', models.BigIntegerField(null=True)),
                ('theirs_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('severity', models.CharField(choices=[('standard', 'Standard'), ('critical', 'Critical')], max_length=10)),
                ('found_at', models.DateTimeField()),
                ('order', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reconciliation_break', to='orders.order')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaks', to='reconciliation.statement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('statement', 'kind', 'reference'), name='break_once')],
            },
        ),
    ]
