from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='clock',
            name='kind',
            field=models.CharField(choices=[('service', 'Service'), ('regulatory', 'Regulatory'), ('decision', 'Decision')], default='service', max_length=10),
        ),
        migrations.AlterField(
            model_name='historicalclock',
            name='kind',
            field=models.CharField(choices=[('service', 'Service'), ('regulatory', 'Regulatory'), ('decision', 'Decision')], default='service', max_length=10),
        ),
    ]
