import audit.ids
import audit.texts
import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('timezone', models.CharField(max_length=40)),
                ('calendar', models.CharField(max_length=40)),
            ],
            options={
                'permissions': [('serve_branch', "Sees the branch's orders of the products that they may see"), ('oversee_branch', "Sees every order and the manager's board of the branch"), ('examine_branch', 'Reads every record of the branch, changes nothing'), ('administer_branch', 'Manages people and settings of the branch')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('public_id', models.UUIDField(default=audit.ids.uuid7, editable=False, unique=True)),
                ('display_name', models.CharField(max_length=120)),
                ('native_name', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(default='en', max_length=10)),
                ('timezone', models.CharField(default='America/New_York', max_length=40)),
                ('is_client_side', models.BooleanField(default=False)),
                ('skills', models.JSONField(default=list)),
                ('title', models.JSONField(default=dict)),
                ('single_keys', models.BooleanField(default=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalClient',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('ref', models.SlugField()),
                ('kind', models.CharField(choices=[('person', 'Person'), ('company', 'Company'), ('house', 'House')], max_length=10)),
                ('custodian', models.CharField(blank=True, max_length=40)),
                ('tier', models.CharField(choices=[('standard', 'Standard'), ('premier', 'Premier'), ('private', 'Private')], max_length=10)),
                ('advisor_since', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='en', max_length=10)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('advisor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.branch')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical client',
                'verbose_name_plural': 'historical clients',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.JSONField(validators=[audit.texts.both_languages])),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='accounts.branch')),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to=settings.AUTH_USER_MODEL)),
                ('manager', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='manages', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalUser',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(db_index=True, error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('public_id', models.UUIDField(db_index=True, default=audit.ids.uuid7, editable=False)),
                ('language', models.CharField(default='en', max_length=10)),
                ('timezone', models.CharField(default='America/New_York', max_length=40)),
                ('is_client_side', models.BooleanField(default=False)),
                ('skills', models.JSONField(default=list)),
                ('title', models.JSONField(default=dict)),
                ('single_keys', models.BooleanField(default=True)),
                ('history_change_reason', models.UUIDField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.team')),
            ],
            options={
                'verbose_name': 'historical user',
                'verbose_name_plural': 'historical users',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='user',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.team'),
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.SlugField(unique=True)),
                ('kind', models.CharField(choices=[('person', 'Person'), ('company', 'Company'), ('house', 'House')], max_length=10)),
                ('name', models.CharField(max_length=160)),
                ('native_name', models.CharField(blank=True, max_length=160)),
                ('account', models.CharField(blank=True, max_length=20)),
                ('custodian', models.CharField(blank=True, max_length=40)),
                ('tier', models.CharField(choices=[('standard', 'Standard'), ('premier', 'Premier'), ('private', 'Private')], max_length=10)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('advisor_since', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='en', max_length=10)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('advisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='advised_clients', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='accounts.branch')),
            ],
            options={
                'permissions': [('order_for_client', 'Orders for the client')],
                'indexes': [models.Index(fields=['name'], name='client_by_name')],
            },
        ),
    ]
