from django.db import migrations

# code, parent, Vietnamese, English
CATEGORIES = [
    ("CHILD", "", "Thiếu nhi", "Child"),
    ("PRESCHOOL", "CHILD", "Trẻ mẫu giáo", "Preschool child"),
    ("PRIMARY_PUPIL", "CHILD", "Học sinh tiểu học", "Primary pupil"),
    ("SECONDARY_PUPIL", "CHILD", "Học sinh trung học cơ sở", "Lower secondary pupil"),
    ("ADULT", "", "Người lớn", "Adult"),
    ("HIGH_SCHOOL_PUPIL", "ADULT", "Học sinh trung học phổ thông", "Upper secondary pupil"),
    ("STUDENT", "ADULT", "Sinh viên, học viên", "Student"),
    ("TEACHER", "ADULT", "Giáo viên, giảng viên", "Teacher"),
    ("OFFICIAL", "ADULT", "Cán bộ, công chức, viên chức", "Official"),
    ("ARMED_FORCES", "ADULT", "Lực lượng vũ trang", "Armed forces"),
    ("SENIOR", "ADULT", "Người cao tuổi", "Senior"),
    ("DISABLED", "ADULT", "Người khuyết tật", "Disabled reader"),
    ("ORGANISATION", "", "Tập thể, điểm luân chuyển", "Organisation"),
]


def add(apps, schema_editor):
    category = apps.get_model("patrons", "Category")
    made = {}
    for position, (code, parent, name_vi, name_en) in enumerate(CATEGORIES, start=1):
        made[code] = category.objects.create(
            code=code, parent=made.get(parent), name_vi=name_vi, name_en=name_en, position=position
        )


class Migration(migrations.Migration):
    dependencies = [("patrons", "0001_readers")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunSQL("CREATE SEQUENCE patrons_card_number", "DROP SEQUENCE patrons_card_number"),
    ]
