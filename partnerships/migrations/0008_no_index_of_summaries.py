"""Nothing asks for parts of summaries any more: searches read index cards.

The trigrams of all summaries were the largest index of the registry and the slowest to write.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0007_index_cards"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="indexcard",
            options={"ordering": ["-updated_at", "-pk"]},
        ),
        migrations.RemoveIndex(
            model_name="agreement",
            name="agreement_summary_trgm",
        ),
    ]
