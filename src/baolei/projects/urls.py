from baolei.kernel.pages.records import record_urls
from baolei.projects import pages

app_name = "projects"

urlpatterns = [
    *record_urls("projects/programmes", pages.ProgrammeList),
    *record_urls("projects/deeds", pages.DeedList),
    *record_urls("projects/projects", pages.ProjectList),
    *record_urls("projects/appropriations", pages.AppropriationList),
]
