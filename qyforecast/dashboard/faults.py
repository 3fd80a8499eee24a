"""What a session is told when something cannot be answered; the log is told more."""

import logging
import secrets

from htmltools import Tag, tags

from qyforecast.dashboard.texts import phrase
from qyforecast.errors import QyforecastError

LOG = logging.getLogger("qyforecast.dashboard")


def fault_text(error: BaseException, lang: str) -> str:
    """Put a fault into words; one of the program itself is logged whole, under a mark.

    Parameters
    ----------
    error : BaseException
        What was raised.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        For the session that asked.
    """
    if isinstance(error, QyforecastError):
        LOG.info("refused: %s", error)
        return str(error)
    mark = secrets.token_hex(4)
    LOG.error("fault %s", mark, exc_info=error)
    return phrase("unforeseen", lang, {"mark": mark})


def fault_tag(error: BaseException, lang: str) -> Tag:
    """Show a fault in the place of an answer.

    Parameters
    ----------
    error : BaseException
        What was raised.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Tag
        An alert; its words are never markup.
    """
    own = isinstance(error, QyforecastError)
    words = fault_text(error, lang)
    return tags.div(
        tags.p(tags.strong(phrase("fault", lang))),
        tags.p(phrase("fault_note", lang)) if own and lang == "zh" else None,
        tags.pre(words, lang="en") if own else tags.p(words),
        role="alert",
        class_="fault",
    )
