from baolei.kernel.pages.records import record_urls
from baolei.posts import pages

app_name = "posts"

urlpatterns = [
    *record_urls("posts/offices", pages.OfficeList),
    *record_urls("posts/posts", pages.PostList),
    *record_urls("posts/terms", pages.TermList),
    *record_urls("posts/tenures", pages.TenureList),
]
