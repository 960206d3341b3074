"""Why a plan is not issued, in Vietnamese: what is open, and how it is answered. In English the refusals speak for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from workflows.commands.context import Context, Language

if TYPE_CHECKING:
    from engine.errors import CascadeError
    from workflows.duties import Unclear
    from workflows.plans import Plan

_REFUSALS = (  # what is said, the same in Vietnamese, and the remedy
    (
        r"the date (\d{4})-(\d\d)-(\d\d) is still to come\.",
        "ngày {2}/{1}/{0} chưa đến.",
        "Sửa ngày bằng --date, hoặc ban hành vào ngày đó.",
    ),
    (r"no unit would have to act\.", "không đơn vị nào phải thực hiện.", "Ghi purpose: act cho ít nhất một nơi nhận."),
    (
        r"the issuer '(.*?)' is not one unit of the directory(?: \(near: (.*)\))?\.",
        "cơ quan ban hành '{0}' chưa ứng với một đơn vị nào trong danh bạ (gần giống: {1}).",
        "Nêu đơn vị bằng --issuer, hoặc thêm tên gọi này vào danh bạ.",
    ),
    (
        r"(\S+) of (\d{4})-(\d\d)-(\d\d) by (\S+) is already issued \(#(\d+)\)\.",
        "{0} ngày {3}/{2}/{1} của {4} đã được ban hành (#{5}).",
        "Xem bằng: cascade status {5}",
    ),
)
_REASONS = (  # why a recipient is not settled
    (r"no purpose: .*", "chưa rõ phải thực hiện hay chỉ để biết"),
    (r"several units or groups have (?:this name|the name (.*))", "nhiều đơn vị cùng tên {0}"),
    (r"this group has no members", "nhóm này không có đơn vị nào"),
    (r"the unit of this name has ended; what took its place is near", "đơn vị đã kết thúc; đơn vị thay thế ở phần gần giống"),
    (r"no unit or group has (?:this name|the name (.*))", "không có đơn vị hay nhóm nào mang tên {0}"),
    (r"conference (.*): no acting unit belongs to this tier", "hội nghị {0}: không đơn vị thực hiện nào thuộc cấp này"),
)


@contextmanager
def refusals(context: Context, plan: Plan) -> Iterator[None]:
    """What refuses to issue a plan within, in the language of the command. Raises what was raised, or the same in Vietnamese."""
    from engine.errors import AlreadyExists
    from workflows.issuing import PlanUnclear

    try:
        yield
    except (PlanUnclear, AlreadyExists) as error:
        if context.lang != "vi":
            raise
        raise _in_vietnamese(error, plan) from error


def reason(why: str, lang: Language = "vi") -> str:
    """Why a recipient is not settled, in words of the language."""
    for pattern, words in _REASONS if lang == "vi" else ():
        if found := re.fullmatch(pattern, why):
            return words.format(*(each or "này" for each in found.groups())).replace("' or '", "' hoặc '")
    return why


def _in_vietnamese(error: CascadeError, plan: Plan) -> CascadeError:
    place = f"{plan.source}: " if plan.source and error.message.startswith(f"{plan.source}:") else ""
    if error.facts.get("questions"):
        message, remedy = _asked(plan)
    elif unclear := error.facts.get("unclear"):
        message, remedy = _unsettled(cast("Sequence[Unclear]", unclear))
    else:
        message, remedy = next(
            (
                (words.format(*(each or "không có" for each in found.groups())), mended.format(*found.groups()))
                for pattern, words, mended in _REFUSALS
                if (found := re.search(pattern, error.message))
            ),
            (error.message.removeprefix(place), error.remedy or ""),
        )
    return type(error)(f"{place}{message}", remedy=remedy, **error.facts)


def _asked(plan: Plan) -> tuple[str, str]:
    from workflows.questions import missing, said

    asked = missing(plan)
    lines = (f"dòng {each.line}: " if each.line else "" for each in asked)
    options = ", ".join(dict.fromkeys(each.option for each in asked if each.option))
    file = "ghi vào tệp kế hoạch, đầu tệp chỉ rõ chỗ ghi (cascade read VĂN-BẢN -o PLAN.yaml)."
    remedy = f"Trả lời bằng {options}, hoặc {file}" if options else f"Hãy {file}"
    return " ".join(f"{line}{said(each, 'vi')}" for line, each in zip(lines, asked, strict=True)), remedy


def _unsettled(unclear: Sequence[Unclear]) -> tuple[str, str]:
    from workflows.issuing import NAMED

    def told(each: Unclear) -> str:
        near = f"; gần giống: {', '.join(each.candidates[:3])}" if each.candidates else ""
        return f"'{each.text}'{f' (dòng {each.line})' if each.line else ''}: {reason(each.why)}{near}"

    more = f" | và {len(unclear) - NAMED} nơi nhận nữa" if len(unclear) > NAMED else ""
    return (
        f"{len(unclear)} nơi nhận chưa rõ. {' | '.join(told(each) for each in unclear[:NAMED])}{more}.",
        "Xác định bằng lệnh cascade recipients, hoặc ghi units:, group: hoặc purpose: bên cạnh nơi nhận trong tệp kế hoạch, "
        "hoặc bỏ qua bằng --allow-unresolved.",
    )
