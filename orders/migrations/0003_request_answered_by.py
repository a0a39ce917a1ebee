import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_who_answered(apps, schema_editor):
    """Requests answered before this column was there: the ledger knows who did it."""
    Entry = apps.get_model("audit", "Entry")
    ClientRequest = apps.get_model("orders", "ClientRequest")
    answers = Entry.objects.filter(fact="orders.request.answered", actor__startswith="user:")
    for subject, actor in answers.values_list("subject", "actor").iterator():
        request = ClientRequest.objects.filter(public_id=subject.partition(":")[2])
        request.update(answered_by_id=int(actor.partition(":")[2]))


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_urge_and_rating"),
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="clientrequest",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clientrequest",
            name="draft",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(name_who_answered, migrations.RunPython.noop),
    ]
