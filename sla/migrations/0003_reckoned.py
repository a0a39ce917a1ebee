from django.db import migrations, models
from django.db.models import F


def as_they_began(apps, schema_editor):
    clocks = apps.get_model("sla", "Clock")
    clocks.objects.update(reckoned_at=F("started_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_copies'),
        ('sla', '0002_decision_clocks'),
        ('work', '0006_queue_overfull_since'),
    ]

    operations = [
        migrations.AddField(
            model_name='clock',
            name='reckoned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(as_they_began, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='clock',
            name='reckoned_at',
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['reckoned_at', 'id'], name='clock_to_reckon'),
        ),
    ]
