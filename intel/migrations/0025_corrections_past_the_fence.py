from django.db import migrations

from intel.models.sql import goes_with


class Migration(migrations.Migration):
    dependencies = [("intel", "0024_corrections")]

    operations = [migrations.RunSQL(*goes_with("intel_correction", "report_id", "intel_report"))]
