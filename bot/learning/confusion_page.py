"""The confusion matrix of an evaluation as one HTML page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from bot.learning.evaluation import Report

_STYLE = """
:root { color-scheme: light; font: 14px/1.4 system-ui, sans-serif }
body { margin: 2rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { padding: .15rem .35rem; border: 1px solid #ddd; text-align: right; font-weight: normal }
th.row { text-align: left; white-space: nowrap }
th.column { writing-mode: vertical-rl; text-align: left; vertical-align: bottom }
td.right { background: #d7f0dc }
td.wrong { background: rgba(214, 60, 40, var(--share)) }
td.text { text-align: left }
"""


def confusion_page(report: Report) -> str:
    """Rows are what was meant, columns what was said; only rows and columns in use are shown.

    Args:
        report: An evaluation.

    Returns:
        HTML. It quotes the evaluation messages, which are no patients'.
    """
    cells = Counter(_pairs(report))
    rows = sorted({meant for meant, _ in cells})
    columns = sorted({said for _, said in cells})
    heads = "".join(f'<th class="column">{escape(name)}</th>' for name in columns)
    lines = "".join(_row(name, columns, cells) for name in rows)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Confusions</title>'
        f"<style>{_STYLE}</style><h1>What was meant and what was said</h1>"
        f"<p>{len(report.rows)} messages, {report.accuracy:.1%} right.</p>"
        f"<table><tr><th></th>{heads}</tr>{lines}</table>"
        f"<h2>Messages that were not answered right</h2><table>{_mistakes(report)}</table></html>\n"
    )


def _pairs(report: Report) -> Iterable[tuple[str, str]]:
    for (case, answer), verdict in zip(report.rows, report.verdicts, strict=True):
        yield case.expect[0], case.expect[0] if verdict == "right" else _said(answer, verdict)


def _said(answer: dict[str, object], verdict: str) -> str:
    ids = answer["answer_ids"]
    if verdict == "wrong" and isinstance(ids, list) and ids:
        return str(ids[0])
    return f"({verdict})"


def _row(name: str, columns: list[str], cells: Counter[tuple[str, str]]) -> str:
    total = sum(count for (meant, _), count in cells.items() if meant == name)
    inner = "".join(_cell(name, column, cells[name, column], total) for column in columns)
    return f'<tr><th class="row">{escape(name)}</th>{inner}</tr>'


def _cell(meant: str, said: str, count: int, total: int) -> str:
    if not count:
        return "<td></td>"
    if meant == said:
        return f'<td class="right">{count}</td>'
    return f'<td class="wrong" style="--share: {count / total:.2f}">{count}</td>'


def _mistakes(report: Report) -> str:
    lines = []
    for (case, answer), verdict in zip(report.rows, report.verdicts, strict=True):
        if verdict != "right":
            got = ", ".join(answer["answer_ids"]) or answer["outcome"]
            fields = (verdict, ", ".join(case.expect), got, case.text)
            cells = "".join(f'<td class="text">{escape(field)}</td>' for field in fields)
            lines.append(f"<tr>{cells}</tr>")
    return "".join(lines)
