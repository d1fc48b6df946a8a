app_name = "batchedit"
urlpatterns: list = []
