import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('sent_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='orders.order')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copied_orders', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['to', '-sent_at'], name='copies_to_me')],
                'constraints': [models.UniqueConstraint(fields=('order', 'to'), name='copy_once_per_person'), models.CheckConstraint(condition=models.Q(('to', models.F('by')), _negated=True), name='copy_to_somebody_else')],
            },
        ),
    ]
