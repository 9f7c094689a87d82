"""Every address of the site, outermost first; the screens of a dossier lie beneath its page (cms.screens)."""

from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from cms.views import account, accounts, bodies, classes, desk, files, images, review, search, tray

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/jobs/", desk.desk_jobs, name="desk-jobs"),
    path("desk/jobs/<uuid:name>/retry/", desk.retry_failed, name="retry-failed"),
    path("classes/", classes.classes, name="classes"),
    path("classes/open/", classes.open_class, name="open-class"),
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", account.SignOut.as_view(), name="logout"),
    path("password/", account.first_password, name="first-password"),
    path("language/", set_language, name="set_language"),
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/make/", accounts.make_account, name="make-account"),
    path("accounts/<uuid:uuid>/reset/", accounts.reset_password, name="reset-password"),
    path("accounts/<uuid:uuid>/close/", accounts.close_account, name="close-account"),
    path("bodies/", bodies.body_list, name="bodies"),
    path("bodies/found/", bodies.found_body, name="found-body"),
    path("review/", review.review_queue, name="review-queue"),
    path("search/", search.search, name="search"),
    path("tray/", tray.intakes, name="intakes"),
    path("files/", files.files, name="files"),
    path("files/<uuid:name>", files.file, name="file"),
    path("sheets/<uuid:name>/thumb", images.thumb, name="sheet-thumb"),
    path("sheets/<uuid:name>/view", images.view, name="sheet-view"),
    path("uploads/<uuid:name>/original", images.original, name="upload-original"),
    path("recordings/<uuid:name>/play", images.play, name="recording-play"),
    path("recordings/<uuid:name>/poster", images.poster, name="recording-poster"),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
