"""Large files that go straight into the bucket: which parts are missing, where to PUT them, and that all are there.

    GET   /files/<uuid>/parts  -> {"size", "part_size", "received", "missing", "urls": {number: address}}
    POST  /files/<uuid>/parts  -> 204 once every part is there (409 before); the worker hashes and takes it in

The addresses live an hour and take these parts only; more of them are asked for as parts arrive. Creation, withdrawal
and refusals are those of views/files.py.
"""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from cms import intake as door
from cms.views.files import own_intake, standing, tus
from foundation import multipart
from foundation.errors import UploadClosed


@tus
def file_parts(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    held = own_intake(request, name)
    waiting = held.quarantined
    if not waiting.part_size:
        raise Http404
    if waiting.state == waiting.State.WITHDRAWN:
        raise UploadClosed
    if request.method == "POST":
        return HttpResponse(status=204, headers=standing(door.finish(held)))
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET, POST, OPTIONS"})
    missing = multipart.missing(waiting) if waiting.remote else []
    return JsonResponse(
        {
            "size": waiting.declared_size,
            "part_size": waiting.part_size,
            "received": waiting.received,
            "missing": len(missing),
            "urls": multipart.addresses(waiting, missing) if missing else {},
        }
    )
