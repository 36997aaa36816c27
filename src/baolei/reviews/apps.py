from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "baolei.reviews"
    verbose_name = "述职评议"
