"""The screens beneath a dossier's page; each takes (request, dossier, ...)."""

from django.urls import path

from cms.views import board, contents, files, handin, history, jobs, review, roster, search, sessions, tray

urlpatterns = [
    path("upload/", files.upload, name="upload"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:name>/retry/", jobs.retry_job, name="retry-job"),
    path("jobs/<uuid:name>/withdraw/", jobs.withdraw_intake, name="withdraw-intake"),
    path("jobs/<uuid:name>/again/", jobs.try_intake_again, name="try-intake-again"),
    path("uploads/<uuid:name>/withdraw/", jobs.withdraw_upload, name="withdraw-upload"),
    path("", board.board, name="board"),
    path("items/<slug:item_id>/", board.item, name="item"),
    path("stage/", board.move_stage, name="move-stage"),
    path("filings/<uuid:filing>/unfile/", board.unfile, name="unfile"),
    path("returns/<uuid:note>/answer/", board.answer_return, name="answer-return"),
    path("hand-in/", handin.hand_in, name="hand-in"),
    path("hand-in/take-back/", handin.take_back, name="take-back"),
    path("owes/", handin.owes, name="owes"),
    path("owes/pdf/", handin.owes_pdf, name="owes-pdf"),
    path("contents/", contents.contents, name="contents"),
    path("contents/pdf/", contents.contents_pdf, name="contents-pdf"),
    path("history/", history.history, name="history"),
    path("roster/", roster.roster, name="roster"),
    path("roster/add/", roster.add_trainee, name="add-trainee"),
    path("roster/import/", roster.import_roster, name="import-roster"),
    path("roster/<uuid:uuid>/", roster.trainee, name="trainee"),
    path("roster/<uuid:uuid>/withdraw/", roster.withdraw_trainee, name="withdraw-trainee"),
    path("roster/<uuid:uuid>/number/", roster.reveal_number, name="reveal-number"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/add/", sessions.add_session, name="add-session"),
    path("sessions/import/", sessions.import_sessions, name="import-sessions"),
    path("sessions/<uuid:uuid>/drop/", sessions.drop_session, name="drop-session"),
    path("review/", review.review, name="review"),
    path("review/<slug:item_id>/", review.review, name="review-item"),
    path("sheets/<uuid:uuid>/", search.sheet, name="sheet"),
    path("tray/", tray.tray, name="tray"),
    path("template/<slug:name>/", roster.template, name="template"),
]
