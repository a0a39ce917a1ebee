import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_delegation'),
        ('catalog', '0001_initial'),
        ('orders', '0001_initial'),
        ('work', '0003_awaits_decision'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('question', models.TextField(max_length=2000)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True, default='', max_length=2000)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='workitem',
            name='item_once_per_task_and_tier',
        ),
        migrations.AddField(
            model_name='historicalworkitem',
            name='seat',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='workitem',
            name='seat',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.UniqueConstraint(fields=('order', 'task', 'tier', 'seat'), name='item_once_per_task_and_seat'),
        ),
        migrations.AddField(
            model_name='advice',
            name='asked',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_advice', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='advice',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='advice',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='work.workitem'),
        ),
        migrations.AddIndex(
            model_name='advice',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['asked', 'asked_at'], name='advice_waiting'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('item', 'asked'), name='advice_one_open_question'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(('asked', models.F('asked_by')), _negated=True), name='advice_of_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='advice_answered_in_words'),
        ),
    ]
