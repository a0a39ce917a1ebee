import audit.fields
import audit.texts
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
            ],
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('summary', models.JSONField(validators=[audit.texts.both_languages])),
                ('family', models.SlugField()),
                ('icon', models.CharField(default='file', max_length=30)),
                ('audience', models.CharField(max_length=10)),
                ('form', audit.fields.OrderedJSONField()),
                ('process_key', models.SlugField()),
                ('parameters', models.JSONField(default=dict)),
                ('is_listed', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalProduct',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField()),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('summary', models.JSONField(validators=[audit.texts.both_languages])),
                ('family', models.SlugField()),
                ('icon', models.CharField(default='file', max_length=30)),
                ('audience', models.CharField(max_length=10)),
                ('form', audit.fields.OrderedJSONField()),
                ('process_key', models.SlugField()),
                ('parameters', models.JSONField(default=dict)),
                ('is_listed', models.BooleanField(default=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical product',
                'verbose_name_plural': 'historical products',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='BranchOffering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parameters', models.JSONField(default=dict)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offerings', to='accounts.branch')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offerings', to='catalog.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('product', 'branch'), name='offering_once')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('capacity', models.PositiveIntegerField()),
                ('taken', models.PositiveIntegerField(default=0)),
                ('offering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='catalog.branchoffering')),
            ],
            options={
                'indexes': [models.Index(fields=['offering', 'starts_at'], name='slot_by_time')],
                'constraints': [models.UniqueConstraint(fields=('offering', 'starts_at'), name='slot_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='slot_not_oversold'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='slot_has_length')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_ref', models.CharField(max_length=40)),
                ('taken_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='catalog.slot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('order_ref',), name='hold_one_open_per_order')],
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='catalog.channel')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='catalog.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('product', 'channel'), name='listing_once')],
            },
        ),
    ]
