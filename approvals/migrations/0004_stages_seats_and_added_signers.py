import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def one_stage_a_tier(apps, schema_editor):
    """Until now the tiers of a request were asked one after the other."""
    apps.get_model("approvals", "Tier").objects.update(stage=models.F("number"))


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0003_decisions_in_bulk_and_asked_for'),
        ('work', '0004_seats_and_advice'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='tier',
            options={'ordering': ['request', 'number', 'seat']},
        ),
        migrations.RemoveConstraint(
            model_name='tier',
            name='tier_number',
        ),
        migrations.AddField(
            model_name='decision',
            name='attested',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='decision',
            name='sent_to',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.AddField(
            model_name='decision',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='historicalrequest',
            name='again_of',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='approvals.request'),
        ),
        migrations.AddField(
            model_name='request',
            name='again_of',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asked_again', to='approvals.request'),
        ),
        migrations.AddField(
            model_name='request',
            name='basis',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='tier',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tier',
            name='any_of',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='tier',
            name='asked',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tier',
            name='carried',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='approvals.decision'),
        ),
        migrations.AddField(
            model_name='tier',
            name='needs',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='tier',
            name='removed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='tier',
            name='rules',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='tier',
            name='seat',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='tier',
            name='stage',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='part',
            name='kind',
            field=models.CharField(choices=[('placed', 'Placed'), ('prepared', 'Prepared'), ('signed', 'Signed'), ('lent', 'Lent'), ('advised', 'Advised')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('sent_to', ''), ('choice', 'reject'), _connector='OR'), name='decision_sends_back_by_a_no'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.UniqueConstraint(fields=('request', 'number', 'seat'), name='tier_seat'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at', None), ('added_by__isnull', False), _connector='OR'), name='tier_of_a_rule_stays'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(('any_of', False), ('added_by__isnull', False), _connector='OR'), name='tier_of_a_rule_is_no_choice'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('added_by', None), ('asked', None)), models.Q(('added_by__isnull', False), ('asked__isnull', False)), _connector='OR'), name='tier_added_names_whom'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(('carried', None), ('work_item', None), _connector='OR'), name='tier_carried_is_not_asked'),
        ),
        migrations.RunPython(one_stage_a_tier, migrations.RunPython.noop),
    ]
