"""The figures, as SVG: drawn once, the same bytes for the same numbers, readable without colour."""

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.discovery.numbers import called, main_currency

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sf_intacct.orchestration.discovering import Discovery

_THERE, _READY, _KEPT, _QUIET = "#1d4e6b", "#5fa8a0", "#c8553d", "#c9ced2"
_INK = "#24313a"
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.edgecolor": "#b5bcc2",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "sf_intacct",
    "svg.fonttype": "path",
    "hatch.linewidth": 0.6,
    "hatch.color": "white",
}
_WIDTH = 8.0
_CAUSES = 8
_LETTERS = 58


def figures(found: "Discovery") -> dict[str, str]:
    """SVG text by figure name; a figure without numbers is left out."""
    drawn = {
        "deals": _deals(found),
        "causes": _causes(found),
        "matching": _matching(found),
        "coverage": _coverage(found),
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _svg(draw: Any, height: float) -> str:
    """Draws on one pair of axes, without a window and without a trace of when."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.subplots())
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return text.getvalue()[text.getvalue().index("<svg") :]


def _deals(found: "Discovery") -> str:
    currency = main_currency(found)
    rows = [row for row in found.deals if (row["currency"] or "") == currency and row["month"]]
    months = sorted({row["month"] for row in rows})
    if not months:
        return ""
    outcomes = (
        ("there", "in Intacct", _THERE, ""),
        ("to make", "would become an invoice", _READY, ""),
        ("kept", "would wait", _KEPT, "///"),
    )

    def draw(axes: "Axes") -> None:
        below = [0.0] * len(months)
        for outcome, label, color, hatch in outcomes:
            heights = [_sum(row for row in rows if row["month"] == m and row["outcome"] == outcome) for m in months]
            if any(heights):
                axes.bar(
                    [f"{m:%b %Y}" for m in months],
                    heights,
                    bottom=below,
                    label=label,
                    color=color,
                    hatch=hatch,
                    width=0.62,
                )
            below = [a + b for a, b in zip(below, heights, strict=True)]
        axes.yaxis.set_major_formatter(_short)
        axes.set_ylabel(f"worth, {currency}")
        axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
        axes.margins(x=0.02 if len(months) > 2 else 0.4)

    return _svg(draw, 3.1)


def _causes(found: "Discovery") -> str:
    currency = main_currency(found)
    rows = [row for row in found.causes if row["currency"] == currency and row["money"]][:_CAUSES]
    if not rows:
        return ""

    def draw(axes: "Axes") -> None:
        places, widths = range(len(rows)), [_sum([row]) for row in rows]
        axes.barh(places, widths, color=_KEPT, height=0.55)
        axes.set_yticks(places, [_cut(row["words"]) for row in rows])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(_short)
        axes.set_xlabel(f"money at risk, {currency}")
        _label(axes, widths, [f"{row['records']:,} deals" if row["records"] > 1 else "1 deal" for row in rows])

    return _svg(draw, 0.7 + 0.36 * len(rows))


def _matching(found: "Discovery") -> str:
    parts = (
        ("linked", "linked", _THERE, ""),
        ("by_key", "by a key", "#4a86a8", ""),
        ("alike", "look alike: ask", "#e0a33e", "///"),
        ("for_a_person", "shared or taken key: ask", _KEPT, "xxx"),
        ("alone", "new to Intacct", _QUIET, ""),
    )
    rows = [row for row in found.matching if any(row[name] for name, *_ in parts)]
    if not rows:
        return ""

    def draw(axes: "Axes") -> None:
        left = [0] * len(rows)
        labels = [f"{called(row['source'])}s\nand {called(row['target'])}s" for row in rows]
        for name, label, color, hatch in parts:
            widths = [row[name] for row in rows]
            if any(widths):
                axes.barh(
                    labels, widths, left=left, label=f"{label} ({sum(widths):,})", color=color, hatch=hatch, height=0.5
                )
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
        axes.set_xlabel("records")

    return _svg(draw, 1.35 + 0.5 * len(rows))


def _coverage(found: "Discovery") -> str:
    rows = [row for row in found.coverage if row["asked"]]
    if not rows:
        return ""

    def draw(axes: "Axes") -> None:
        shares = [100 * row["found"] / row["asked"] for row in rows]
        labels = [f"{row['says']} ({row['field']})" for row in rows]
        axes.barh(range(len(rows)), [100] * len(rows), color="#f1dcd6", height=0.5)
        axes.barh(range(len(rows)), shares, color=_READY, height=0.5)
        axes.set_yticks(range(len(rows)), labels)
        axes.invert_yaxis()
        axes.set_xlim(0, 118)
        axes.set_xlabel("per cent that find a code")
        for place, row in enumerate(rows):
            axes.text(102, place, f"{row['found']:,} of {row['asked']:,}", va="center", fontsize=8)

    return _svg(draw, 0.7 + 0.34 * len(rows))


def _sum(rows: Any) -> float:
    """The height of a bar. What is told in words and tables stays exact."""
    return float(sum((row["money"] or Decimal(0) for row in rows), Decimal(0)))


def _short(value: float, _: Any = None) -> str:
    """1,200,000 as 1.2m: an axis needs no cents."""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}".rstrip("0").rstrip(".") + letter
    return f"{value:.0f}"


def _cut(words: str) -> str:
    return words if len(words) <= _LETTERS else words[: _LETTERS - 1].rstrip() + "\u2026"


def _label(axes: "Axes", widths: list[float], texts: list[str]) -> None:
    """A few words behind each bar."""
    for place, (width, text) in enumerate(zip(widths, texts, strict=True)):
        axes.annotate(text, (width, place), (4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.margins(x=0.14)
