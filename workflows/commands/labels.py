"""The words and dates that people see on the command line, Vietnamese and English; how they are laid out is rendering's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from engine.clock import from_micros, to_micros
from engine.definition import PREVIOUS, SAME, Definition, Label
from workflows.calendar import ZONE
from workflows.commands.context import Language
from workflows.commands.rendering import Column, Tone, Words, say

if TYPE_CHECKING:
    from engine.spawning import Progress

_ONE_DAY = timedelta(days=1)


class Class(NamedTuple):
    """A class of lateness as it is shown."""

    vi: str
    en: str
    tone: Tone
    glyph: str  # fills its part of a bar: told apart without colours too


CLASSES: Mapping[str, Class] = {
    "done_on_time": Class("xong đúng hạn", "done on time", "good", "█"),
    "done_late": Class("xong quá hạn", "done late", "warn", "▓"),
    "in_term": Class("còn trong hạn", "in term", "open", "░"),
    "overdue": Class("quá hạn", "overdue", "bad", "▚"),
    "without_deadline": Class("không có hạn", "without deadline", "plain", "·"),
    "out": Class("không tính", "not counted", "quiet", " "),
}

_WORDS: Mapping[str, tuple[str, str]] = {
    "acting": ("Thực hiện", "Acts"),
    "actor": ("Người ghi", "Actor"),
    "address": ("Địa chỉ", "Address"),
    "addressed": ("Phải thực hiện", "Addressed"),
    "advanced": ("Đã chuyển", "Advanced"),
    "after": ("sau", "after"),
    "aliases": ("Tên khác", "Aliases"),
    "at": ("Tại thời điểm", "As of"),
    "attachments": ("Tệp kèm", "Attachments"),
    "attempts": ("Lần gửi hỏng", "Failed attempts"),
    "basis": ("Căn cứ", "Basis"),
    "became": ("Nay là", "Became"),
    "below": ("Trực thuộc", "Below"),
    "by_state": ("Theo trạng thái", "By state"),
    "by_time": ("Theo thời hạn", "By time"),
    "cause": ("Do", "Cause"),
    "citation": ("Viện dẫn", "Names"),
    "code": ("Mã", "Code"),
    "conference": ("Hội nghị", "Conference"),
    "count": ("Số", "Count"),
    "date": ("Ngày", "Date"),
    "deadline": ("Thời hạn", "Deadline"),
    "definition": ("Quy trình", "Definition"),
    "done": ("Xong", "Done"),
    "due": ("Hạn", "Due"),
    "email": ("Thư điện tử", "E-mail"),
    "error": ("Lỗi", "Error"),
    "event": ("Sự kiện", "Event"),
    "events": ("Sự kiện", "Events"),
    "every_unit": ("mọi đơn vị", "every unit"),
    "fact": ("Nội dung", "Fact"),
    "fields": ("Số liệu", "Fields"),
    "follows_up": ("Tiếp theo", "Follows up"),
    "funding": ("Kinh phí", "Funding"),
    "from": ("Từ", "From"),
    "group": ("Nhóm", "Group"),
    "groups": ("Nhóm", "Groups"),
    "guards": ("Điều kiện", "Guards"),
    "hash": ("Mã băm", "Hash"),
    "held_back_by": ("Chờ", "Held back by"),
    "id": ("Id", "Id"),
    "informed": ("Để biết", "Informed"),
    "instances": ("Hồ sơ", "Instances"),
    "issuer": ("Cơ quan ban hành", "Issuer"),
    "issuing": ("Đang ban hành", "Issuing"),
    "kind": ("Loại", "Kind"),
    "kinds": ("Loại đơn vị", "Kinds"),
    "late": ("Quá hạn", "Late"),
    "left_out": ("Bỏ qua", "Left out"),
    "line": ("Dòng", "Line"),
    "members": ("Thành viên", "Members"),
    "moves": ("Bước tiếp", "Next moves"),
    "name": ("Tên", "Name"),
    "no_letter": ("Chưa gửi được thư", "No letter has gone out"),
    "not_acknowledged": ("Chưa xác nhận", "Not acknowledged"),
    "not_passed_on": ("Chưa chuyển tiếp cho cấp dưới", "Not passed on to units below"),
    "note": ("Ghi chú", "Note"),
    "notice": ("Loại thư", "Notice"),
    "number": ("Số hiệu", "Number"),
    "occurred": ("Ngày diễn ra", "Occurred"),
    "of": ("trên", "of"),
    "operator": ("Cán bộ", "Operator"),
    "out": ("Không tính", "Not counted"),
    "parent": ("Cấp trên", "Above"),
    "parent_unit": ("cấp trên", "unit above"),
    "paused": ("Tạm dừng", "Paused"),
    "phrase": ("Theo câu", "Because of"),
    "place": ("Nơi", "Place"),
    "plan": ("Kế hoạch", "Plan"),
    "previous": ("trở lại trạng thái trước", "back to the state before"),
    "progress": ("Tiến độ", "Progress"),
    "purpose": ("Để", "Purpose"),
    "reason": ("Lý do", "Reason"),
    "recipient": ("Nơi nhận", "Recipient"),
    "recorded": ("Ngày ghi", "Recorded"),
    "recurring": ("Định kỳ", "Recurring"),
    "reports": ("Báo cáo", "Report"),
    "required": ("phải thực hiện", "required"),
    "role": ("Vai trò", "Role"),
    "same": ("giữ nguyên", "unchanged"),
    "says": ("Văn bản nêu", "The document says"),
    "sent": ("Ngày gửi", "Sent"),
    "signer": ("Người ký", "Signer"),
    "state": ("Trạng thái", "State"),
    "status": ("Tình trạng", "Status"),
    "subject": ("Tiêu đề", "Subject"),
    "suspension": ("Tạm dừng", "Suspension"),
    "task": ("Nhiệm vụ", "Task"),
    "time": ("Thời hạn", "Time"),
    "title": ("Tên gọi", "Title"),
    "to": ("Đến", "To"),
    "together": ("Chung", "Together"),
    "trigger": ("Bước", "Trigger"),
    "type": ("Thể loại", "Type"),
    "unit": ("Đơn vị", "Unit"),
    "units": ("Đơn vị", "Units"),
    "urgency": ("Độ khẩn", "Urgency"),
    "valid_from": ("Từ ngày", "From"),
    "valid_until": ("Đến hết ngày", "Until"),
    "version": ("Phiên bản", "Version"),
    "states": ("Trạng thái", "States"),
    "transitions": ("Chuyển bước", "Transitions"),
    "stands_for": ("Tính như", "Counts as"),
    "remarks": ("Lưu ý", "Remarks"),
    "started_by": ("Ai khởi tạo", "Started by"),
    "rollup": ("Tổng hợp", "Roll-up"),
    "follows": ("Kéo theo", "Follows"),
    "what": ("Việc", "What"),
    "started": ("Mở hồ sơ", "Started"),
    "everything": ("toàn bộ", "everything"),
    "differs": ("khác nhau", "differs"),
    "equal": ("trùng khớp", "equal"),
    "outcome": ("Kết quả", "Outcome"),
    "root": ("Mã gốc", "Root"),
    "who": ("Ai", "Who"),
    "within": ("Lồng trong", "Part of"),
    "age": ("Từ", "Age"),
    "alias": ("Tên gọi", "Alias"),
    "decided": ("Người quyết định", "Decided by"),
    "how": ("Theo", "Told by"),
    "means": ("Nghĩa là", "Means"),
    "at_work": ("Đang chạy", "At work"),
    "discarded": ("Đã bỏ", "Discarded"),
    "failures": ("Số lần hỏng", "Failed attempts"),
    "last_run": ("Lần chạy cuối", "Last run"),
    "next_attempt": ("Sẽ thử lại", "Tried again"),
    "payload": ("Yêu cầu", "Asked"),
    "since": ("Từ lúc", "Since"),
    "topic": ("Loại việc", "Topic"),
    "unfinished": ("Dở dang", "Unfinished"),
    "worker": ("Tiến trình", "Worker"),
    "finished": ("Xong lúc", "Done at"),
}
_PURPOSES: Mapping[str, tuple[str, str]] = {
    "act": ("thực hiện", "acts"),
    "coordinate": ("phối hợp", "co-ordinates"),
    "report": ("để báo cáo", "is reported to"),
    "inform": ("để biết", "is informed"),
    "file": ("lưu", "archive"),
}
_CHOICES: Mapping[str, tuple[str, str]] = {  # what a plan file has one word for
    **_PURPOSES,
    "in_person": ("trực tiếp", "in person"),
    "online": ("trực tuyến", "online"),
    "relayed": ("tiếp sóng", "relayed"),
    "hybrid": ("trực tiếp kết hợp trực tuyến", "hybrid"),
    "in_person_or_online": ("trực tiếp hoặc trực tuyến", "in person or online"),
    "issuer": ("cơ quan ban hành", "issuer"),
    "recipients": ("từng nơi nhận", "each recipient"),
    "kinh_gui": ("Kính gửi", "Kính gửi"),
    "noi_nhan": ("Nơi nhận", "Nơi nhận"),
    "lead": ("chủ trì", "leads"),
    "support": ("phối hợp", "supports"),
    "daily": ("hằng ngày", "daily"),
    "weekly": ("hằng tuần", "weekly"),
    "monthly": ("hằng tháng", "monthly"),
    "quarterly": ("hằng quý", "quarterly"),
    "half_year": ("6 tháng", "half-yearly"),
    "nine_month": ("9 tháng", "nine-monthly"),
    "yearly": ("hằng năm", "yearly"),
    "mon": ("thứ Hai", "Monday"),
    "tue": ("thứ Ba", "Tuesday"),
    "wed": ("thứ Tư", "Wednesday"),
    "thu": ("thứ Năm", "Thursday"),
    "fri": ("thứ Sáu", "Friday"),
    "sat": ("thứ Bảy", "Saturday"),
    "sun": ("Chủ nhật", "Sunday"),
}
_FIELDS: Mapping[str, tuple[str, str]] = {  # of facts, by their keys in a plan file; others are called as in _WORDS
    "after": ("Sau hội nghị", "After"),
    "as_above": ("Như trên", "As above"),
    "authority": ("Thẩm quyền ký", "Authority"),
    "chair": ("Chủ trì", "Chair"),
    "consolidates": ("Tổng hợp", "Consolidates"),
    "day": ("Ngày trong tháng", "Day"),
    "due_date": ("Hạn cuối", "Last day"),
    "due_time": ("Trước giờ", "Before"),
    "form": ("Hình thức", "Form"),
    "frequency": ("Định kỳ", "Frequency"),
    "gist": ("Việc", "Gist"),
    "heading": ("Mục", "Heading"),
    "held_by": ("Do ai tổ chức", "Held by"),
    "id": ("Mục", "Section"),
    "invitation": ("Giấy mời", "Invitation"),
    "link": ("Kết nối", "Connects"),
    "list": ("Ở phần", "List"),
    "name": ("Họ tên", "Name"),
    "organiser": ("Cơ quan tổ chức", "Organiser"),
    "participants": ("Thành phần", "Participants"),
    "period": ("Kỳ số liệu", "Figures of"),
    "phrase": ("Câu", "Phrase"),
    "purpose": ("Để", "Purpose"),
    "reporter": ("Báo cáo viên", "Reporter"),
    "starts_at": ("Bắt đầu", "Begins"),
    "text": ("Ghi là", "Text"),
    "tier": ("Cấp", "Tier"),
    "time": ("Trước giờ", "Before"),
    "until": ("Đến khi", "Until"),
    "venue": ("Địa điểm", "Venue"),
    "via": ("Qua", "Via"),
    "weekday": ("Thứ", "Weekday"),
    "who": ("Ai", "Who"),
}
_NUMBERS = ("attempts", "count", "done", "events", "failures", "late", "line", "unfinished")
_UNBROKEN = ("code", "conference", "date", "due", "id", "number", "occurred", "purpose", "recorded", "sent", "version")


def word(key: str, lang: Language) -> str:
    """A word of the command line: a column's head, a fact's name."""
    return _WORDS[key][0 if lang == "vi" else 1]


def purpose(name: str | None, lang: Language) -> str:
    """What a recipient gets a plan for; empty where nobody has said so yet."""
    return _PURPOSES[name][0 if lang == "vi" else 1] if name else ""


def choice(name: str, lang: Language) -> str:
    """A word that a plan file chooses among a few, "lead", as people read it; one that is no such word stays."""
    return _CHOICES[name][0 if lang == "vi" else 1] if name in _CHOICES else name


def field(name: str, lang: Language) -> str:
    """What a fact's field, by its key in a plan file, is called."""
    return (_FIELDS.get(name) or _WORDS[name])[0 if lang == "vi" else 1]


def columns(lang: Language, *keys: str) -> list[Column]:
    """Columns by the keys of their heads."""
    return [Column(word(key, lang), right=key in _NUMBERS, whole=key in _UNBROKEN) for key in keys]


def label(found: Label, lang: Language) -> str:
    """A definition's label in one language."""
    return found.vi if lang == "vi" else found.en


def state(definition: Definition, name: str, lang: Language) -> str:
    """A state as people read it; a destination that is no state is said in words."""
    if name in (PREVIOUS, SAME):
        return word("previous" if name == PREVIOUS else "same", lang)
    return label(definition.states[name].label, lang) if name in definition.states else name


def trigger(definition: Definition, name: str, lang: Language) -> str:
    """A trigger as people read it."""
    return next((label(t.label, lang) for t in definition.transitions.values() if t.trigger == name), name)


def say_more(shown: int, total: int, lang: Language) -> None:
    """Tell how many lines of a list were left out, if any, and how to see them."""
    if total > shown:
        left = total - shown
        say(f"Còn {left} nữa: thêm --all hoặc --limit N." if lang == "vi" else f"{left} more: add --all or --limit N.")


def so_far(progress: Progress | None) -> str | None:
    """How far a plan has been issued to its units, "420000/1000000"; None where it has been to all."""
    return f"{progress.done}/{progress.total}" if progress else None


def so_far_json(progress: Progress | None) -> dict[str, int] | None:
    """The same as numbers."""
    return {"done": progress.done, "total": progress.total} if progress else None


def lateness(name: str, lang: Language) -> Words:
    """A class of lateness in its colour."""
    found = CLASSES[name]
    return Words(found.vi if lang == "vi" else found.en, found.tone)


def time(lateness_class: str, standing: str, lang: Language) -> Words:
    """How an instance stands in time: its class of lateness, or that it is paused."""
    return Words(word("paused", lang).lower(), "warn") if standing == "paused" else lateness(lateness_class, lang)


# -- dates -------------------------------------------------------------------------------------------------------------


def date_text(day: date | None) -> str:
    """A calendar day, "31/03/2025"; empty for none."""
    return "" if day is None else day.strftime("%d/%m/%Y")


def day(micros: int | None) -> str:
    """The Vietnamese day of an instant, "31/03/2025"; empty for none."""
    return "" if micros is None else _local(micros).strftime("%d/%m/%Y")


def moment(micros: int | None) -> str:
    """An instant on Vietnam's clock, "31/03/2025 15:04"; empty for none."""
    return "" if micros is None else _local(micros).strftime("%d/%m/%Y %H:%M")


def due(micros: int | None, lang: Language) -> str:
    """The last day allowed, "31/03/2025": a due instant is the first one too late. Within a day: "before 12/03/2025 15:00"."""
    if micros is None:
        return ""
    local = _local(micros)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return (local - _ONE_DAY).strftime("%d/%m/%Y")
    return f"{'trước' if lang == 'vi' else 'before'} {local:%d/%m/%Y %H:%M}"


def at(when: datetime) -> str:
    """An aware datetime on Vietnam's clock."""
    return moment(to_micros(when))


def _local(micros: int) -> datetime:
    return from_micros(micros).astimezone(ZONE)
