import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


def write_parts(apps, schema_editor):
    """Who signed so far, and who made what still waits: without this the older requests would know neither."""
    Decision, Part, Request = (apps.get_model("approvals", name) for name in ("Decision", "Part", "Request"))
    signed = Decision.objects.values_list("request_id", "by_id")
    made = Request.objects.filter(state="open").exclude(maker=None).values_list("pk", "maker_id")
    for kind, rows in (("signed", signed), ("prepared", made)):
        parts = (Part(request_id=request, user_id=user, kind=kind) for request, user in rows.iterator())
        Part.objects.bulk_create(parts, ignore_conflicts=True, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('placed', 'Placed'), ('prepared', 'Prepared'), ('signed', 'Signed'), ('lent', 'Lent')], max_length=10)),
            ],
        ),
        migrations.AddField(
            model_name='decision',
            name='on_behalf_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(models.F('request'), django.db.models.functions.comparison.Coalesce('on_behalf_of', 'by'), name='decision_one_tier_per_authority'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('maker', None), ('on_behalf_of', None), models.Q(('on_behalf_of', models.F('maker')), _negated=True), _connector='OR'), name='decision_not_for_the_maker'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('on_behalf_of', None), models.Q(('on_behalf_of', models.F('by')), _negated=True), _connector='OR'), name='decision_for_somebody_else'),
        ),
        migrations.AddField(
            model_name='part',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='approvals.request'),
        ),
        migrations.AddField(
            model_name='part',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('request', 'user'), name='part_once_per_person'),
        ),
        migrations.RunPython(write_parts, migrations.RunPython.noop),
    ]
