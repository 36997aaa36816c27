from django.urls import path

from baolei.accounts import pages, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("account/", pages.my_account, name="my_account"),
    path("account/password/", pages.change_password, name="change_password"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:uid>/withdraw/", tokens.withdraw_token, name="withdraw_token"),
    path("accounts/", pages.account_list, name="account_list"),
    path("accounts/open/", pages.open_account, name="open_account"),
    path("accounts/personal-data/", pages.PersonalData.as_view(), name="personal_data"),
    path("accounts/events/", pages.EventList.as_view(), name="events"),
    path("accounts/<uuid:uid>/", pages.account, name="account"),
    path("accounts/<uuid:uid>/give/", pages.give_grant, name="give_grant"),
    path("accounts/<uuid:uid>/reset-password/", pages.reset_password, name="reset_password"),
    path("accounts/grants/<int:pk>/withdraw/", pages.withdraw_grant, name="withdraw_grant"),
]
