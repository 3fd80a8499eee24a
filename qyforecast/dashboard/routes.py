"""What the app answers besides pages: tables as files, scenarios sent in and saved."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qyforecast.dashboard.faults import fault_text
from qyforecast.dashboard.pages import answered, drawn
from qyforecast.dashboard.parts import sheets_of
from qyforecast.dashboard.received import Filled, read_sent, save_scenario
from qyforecast.dashboard.settings import LONGEST, Settings, read_settings
from qyforecast.dashboard.sheets import Sheet, as_csv, as_workbook
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.documents import LARGEST
from qyforecast.errors import QyforecastError

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": WORKBOOK}


def routes(world: World) -> list[Route]:
    """List the addresses.

    Parameters
    ----------
    world : World
        What all sessions share.

    Returns
    -------
    list of Route
        For Starlette.
    """

    async def download(request: Request) -> Response:
        return await _download(world, request)

    async def send(request: Request) -> Response:
        name = request.query_params.get("name", "")
        return await _told(request, LARGEST, lambda body: _sent(world, name, body))

    async def save(request: Request) -> Response:
        return await _told(request, 20 * LONGEST, lambda body: _saved(world, body))

    return [
        Route("/download/{name}.{kind}", download, methods=["GET"]),
        Route("/send", send, methods=["POST"]),
        Route("/save", save, methods=["POST"]),
    ]


async def _download(world: World, request: Request) -> Response:
    name, kind = request.path_params["name"], request.path_params["kind"]
    try:
        settings = read_settings(request.url.query)
        sheets = await run_in_threadpool(_sheets, world, settings)
    except Exception as error:
        return PlainTextResponse(fault_text(error, "en"), status_code=400)
    chosen = sheets if (name, kind) == ("all", "xlsx") else [s for s in sheets if s.name == name]
    if not chosen or kind not in KINDS:
        return PlainTextResponse("there is no such table", status_code=404)
    content = as_csv(chosen[0]) if kind == "csv" else as_workbook(chosen)
    # A name is one of our own here, so it is safe in a header.
    headers = {"Content-Disposition": f'attachment; filename="qyforecast-{name}.{kind}"'}
    return Response(content, media_type=KINDS[kind], headers=headers)


def _sheets(world: World, settings: Settings) -> list[Sheet]:
    return sheets_of([*answered(world, settings), *drawn(world, settings)])


async def _told(request: Request, most: int, act: Callable[[bytes], dict]) -> Response:
    """Read no more than is allowed, act, and say what came of it."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            words = f"a file is too large\n  found: more than {most // 1000} kB"
            return JSONResponse({"fault": words}, 413, {"Connection": "close"})
    try:
        return JSONResponse(await run_in_threadpool(act, body))
    except Exception as error:
        return JSONResponse({"fault": fault_text(error, "en")}, 400)


def _sent(world: World, name: str, body: bytes) -> dict[str, str]:
    scenario = read_sent(name, body, world.request, world.census)
    world.base(scenario)
    world.received.add(scenario)
    return {"scenario": scenario.name}


def _saved(world: World, body: bytes) -> dict[str, str]:
    if world.save is None:
        raise QyforecastError("nothing is saved", cure="start the app with --save FOLDER")
    settings = read_settings(body.decode("utf-8", errors="replace"), longest=20 * LONGEST)
    evidence = {
        key.removeprefix("e."): (
            settings.one(f"g.{key[2:]}"), settings.one(key), settings.one(f"t.{key[2:]}"),
        )
        for key in settings.words
        if key.startswith("e.")
    }  # fmt: skip
    filled = Filled(settings.one("name"), settings.one("question"), evidence)
    scenario = save_scenario(
        world.save, filled, world.scenario(settings), world.request, world.census
    )
    said = phrase("saved", settings.lang, {"name": f"{scenario.name}.yaml"})
    return {"scenario": scenario.name, "said": said}
