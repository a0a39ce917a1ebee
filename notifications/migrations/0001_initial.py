import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('email', 'Email')], max_length=10)),
                ('dedupe_key', models.CharField(max_length=120)),
                ('template', models.CharField(max_length=60)),
                ('context', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_inbox'), models.Index(condition=models.Q(('channel', 'email'), ('sent_at', None)), fields=['created_at', 'id'], name='notice_to_send')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'recipient', 'dedupe_key'), name='notice_at_most_once')],
            },
        ),
    ]
