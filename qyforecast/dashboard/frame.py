"""The frame of a page: head, navigation, form, and the places where answers appear."""

import re
from base64 import b64encode
from hashlib import sha256

from htmltools import HTMLTextDocument, Tag, TagList, tags
from shiny import ui
from shiny.ui._page import PageHtmlDocument

from qyforecast.dashboard import forms
from qyforecast.dashboard.faults import fault_tag
from qyforecast.dashboard.pages import PAGES
from qyforecast.dashboard.settings import Settings, read_settings
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World

#: Language, as HTML names it: it chooses the shape of Han letters.
TONGUES = {"zh": "zh-CN", "en": "en"}
PLACEHOLDER = '<meta name="shiny-dependency-placeholder" content=""/>'
#: What the page itself says while numbers are old.
_SAID = ("fresh", "stale", "lost", "invalid")


def page(world: World, text: str) -> PageHtmlDocument:
    """Build a page for its address.

    Parameters
    ----------
    world : World
        What all sessions share.
    text : str
        The address's query; a fault in it is told on the page.

    Returns
    -------
    PageHtmlDocument
        The whole page.
    """
    try:
        settings = read_settings(text)
        body = _body(world, settings)
    except Exception as error:
        settings = Settings(lang="en" if "lang=en" in text else "zh")
        body = [tags.main(fault_tag(error, settings.lang), id="main")]
    lang = settings.lang
    app = phrase("app", lang, {"place": world.place(world.census.city, lang)})
    whole = tags.html(
        tags.head(
            tags.meta(charset="utf-8"),
            tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            tags.title(f"{phrase(f'page_{settings.page}', lang)} · {app}"),
            # Here the framework puts its own scripts.
            tags.meta(name="shiny-dependency-placeholder", content=""),
            tags.link(rel="stylesheet", href="assets/app.css"),
            tags.link(rel="icon", href="data:,"),
            tags.script(src="assets/app.js", defer=""),
        ),
        tags.body(
            tags.a(phrase("skip", lang), href="#main", class_="skip"),
            _header(settings, app),
            *body,
        ),
        lang=TONGUES[lang],
    )
    return ui.page_html(f"<!DOCTYPE html>\n{whole}", deps_replace_pattern=PLACEHOLDER)


def inline_scripts(document: HTMLTextDocument) -> tuple[str, ...]:
    """Fingerprint the scripts that the framework writes into a page itself.

    Parameters
    ----------
    document : HTMLTextDocument
        A page.

    Returns
    -------
    tuple of str
        As a content security policy names them.
    """
    found = re.findall(r"<script>(.*?)</script>", document.render()["html"], re.DOTALL)
    return tuple(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in found
    )


def _header(settings: Settings, app: str) -> Tag:
    lang = settings.lang
    links = [
        tags.a(
            phrase(f"page_{name}", lang),
            href=f"?{Settings(name, lang, settings.words).text()}",
            data_page=name,
            aria_current="page" if name == settings.page else None,
        )
        for name in PAGES
    ]
    other = "en" if lang == "zh" else "zh"
    switch = tags.a(
        phrase("other_language", lang),
        href=f"?{Settings(settings.page, other, settings.words).text()}",
        data_lang=other,
        lang=TONGUES[other],
        class_="switch",
    )
    return tags.header(
        tags.p(app, class_="app"),
        tags.nav(*links, aria_label=phrase("pages", lang)),
        switch,
    )


def _body(world: World, settings: Settings) -> list[Tag]:
    lang = settings.lang
    title = "title" if settings.page == "answer" else f"page_{settings.page}"
    return [
        tags.main(
            tags.h1(phrase(title, lang)),
            tags.noscript(phrase("noscript", lang)),
            tags.div(
                tags.div(_form(world, settings), _further(world, settings), class_="asked"),
                tags.div(
                    tags.p(phrase("loading", lang), id="standing", role="status",
                           **{f"data-{key}": phrase(key, lang) for key in _SAID}),
                    ui.output_ui("answer"),
                    ui.output_ui("figures"),
                    class_="answers",
                ),
                class_=f"desk {settings.page}",
            ),
            # In sight while a lever is moved; the same words stand in the answer.
            tags.div(id="echo", aria_hidden="true") if settings.page == "whatif" else None,
            id="main",
        )
    ]  # fmt: skip


def _form(world: World, settings: Settings) -> Tag:
    hidden = [
        tags.input(type="hidden", name=name, value=value)
        for name, value in (("page", settings.page), ("lang", settings.lang))
    ]
    elements = PAGES[settings.page].form(world, settings)
    return tags.form(
        *hidden, *elements, id="state", aria_label=phrase("settings", settings.lang),
        class_="" if elements else "empty",
    )  # fmt: skip


def _further(world: World, settings: Settings) -> TagList:
    if settings.page != "whatif":
        return TagList()
    return TagList(forms.saving(world, settings, world.whole(settings)), forms.sending(settings))
