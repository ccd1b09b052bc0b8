"""Signing in and out, and enrolling by an invitation's link."""

from __future__ import annotations

import re

import segno
from sanic.response import HTTPResponse

from bot.console.routes import SESSION, Route
from bot.console.visit import ROOT, Visit
from bot.errors import BotError
from bot.staff.accounts import Offer
from bot.staff.codes import app_address
from bot.staff.passwords import SHORTEST
from bot.staff.roles import Permission
from bot.staff.sign_in import SignInRefused
from bot.staff.throttle import Caller, TooManyTries

DEVICE = "staff-device"
DEVICE_SECONDS = 180 * 24 * 3600
# A page of the console itself, so that a link cannot lead elsewhere after signing in.
INSIDE = re.compile(rf"{ROOT}/[A-Za-z0-9/_-]*(?:\?[A-Za-z0-9=&%+._:-]*)?")
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "CrOS", "Linux")
NAMED = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "Mac", "CrOS": "ChromeOS"}


async def show_sign_in(visit: Visit) -> HTTPResponse:
    """The form; who is signed in already goes on."""
    if visit.session is not None:
        return visit.go("/")
    return visit.page("sign_in.html", error="", name="", next=_inside(visit.query.get("next", "")))


async def sign_in(visit: Visit) -> HTTPResponse:
    """Opens a session with a new token; whatever is wrong, the form says the same."""
    form, address, office = visit.form, visit.desk.address, visit.desk.office
    name, after = form.get("name", ""), _inside(form.get("next", ""))
    cookie = f"{DEVICE}-{office.throttle.cookie_suffix(name)}"
    device = office.throttle.device_of(name, address.cookie(visit.request, cookie))
    caller = Caller(name, visit.address, device)
    password, code = form.get("password", ""), form.get("code", "")
    earlier = visit.token if visit.session else None
    try:
        entered = await office.door.enter(caller, password, code, _browser(visit), earlier)
    except (SignInRefused, TooManyTries) as error:
        return _again(visit, error, name, after)
    low = entered.codes_left is not None
    response = visit.go("/account" if low else "/", done="few_codes" if low else "")
    if after and not low:
        response.headers["Location"] = after
    address.set_cookie(response, SESSION, entered.token)
    address.set_cookie(response, cookie, entered.device, DEVICE_SECONDS)
    return response


def _again(visit: Visit, error: BotError, name: str, after: str) -> HTTPResponse:
    shown = {"error": error.message, "name": name, "next": after}
    response = visit.page("sign_in.html", error.status, **shown)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def sign_out(visit: Visit) -> HTTPResponse:
    """Ends this browser's session, and leaves nothing of it in the browser."""
    await visit.desk.office.door.leave(visit.token, visit.user)
    response = visit.go("/sign-in", done="signed_out")
    visit.desk.address.set_cookie(response, SESSION, "", 0)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def show_enrolment(visit: Visit, token: str) -> HTTPResponse:
    """The invitation: a QR code for the app, and a password to choose."""
    offer = await visit.desk.office.own.offer(token)
    return _enrolment(visit, offer, token)


async def enrol(visit: Visit, token: str) -> HTTPResponse:
    """Uses the invitation up and shows the recovery codes, this once."""
    own, form = visit.desk.office.own, visit.form
    offer = await own.offer(token)
    password = form.get("password", "")
    if password != form.get("again", ""):
        return _enrolment(visit, offer, token, "The two passwords are not the same.")
    try:
        codes = await own.enrol(token, password, form.get("code", ""))
    except BotError as error:
        return _enrolment(visit, offer, token, error.message, error.status)
    return visit.page("codes.html", codes=codes, is_new=True)


def _enrolment(
    visit: Visit, offer: Offer, token: str, error: str = "", status: int = 422
) -> HTTPResponse:
    address = app_address(offer.secret, offer.user.name, visit.desk.profile.name)
    code = segno.make(address, error="m")
    picture = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return visit.page(
        "enrol.html",
        status if error else 200,
        invited=offer.user,
        # The apps' own form of the secret; the picture has nothing else in it.
        secret=" ".join(offer.secret[i : i + 4] for i in range(0, len(offer.secret), 4)),
        picture=picture,
        link=token,
        shortest=SHORTEST,
        error=error,
    )


def _inside(path: str) -> str:
    return path if INSIDE.fullmatch(path) else ""


def _browser(visit: Visit) -> str:
    """The browser in two words; the whole header would say more than is needed."""
    agent = visit.request.headers.get("user-agent", "")
    browser = next((b for b in BROWSERS if f"{b}/" in agent), "A browser")
    system = next((s for s in SYSTEMS if s in agent), "")
    named = [NAMED.get(word, word) for word in (browser, system) if word]
    return " on ".join(named)


ROUTES = (
    Route("GET", "/sign-in", None, show_sign_in),
    Route("POST", "/sign-in", None, sign_in),
    Route("POST", "/sign-out", Permission.SIGNED_IN, sign_out),
    Route("GET", "/enrol/<token:str>", None, show_enrolment),
    Route("POST", "/enrol/<token:str>", None, enrol),
)
