"""Papers written anew for the tests of reading, in the forms that offices use."""

from __future__ import annotations

from pathlib import Path

STATE_PLAN = """\
ỦY BAN NHÂN DÂN                          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒI SIM                                   Độc lập - Tự do - Hạnh phúc
   Số: 15/KH-UBND                       Đồi Sim, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Phòng, chống rét cho gia súc trên địa bàn xã năm 2026

Căn cứ Quyết định số 09/2025/QĐ-UBND ngày 20 tháng 12 năm 2025 của Ủy ban nhân dân tỉnh Phú Sơn về chăn nuôi;
Căn cứ Kế hoạch số 401/KH-UBND ngày 28/12/2025 của UBND tỉnh về thực hiện Nghị quyết số 77/NQ-CP ngày 01/12/2025 của Chính phủ;
Ủy ban nhân dân xã Đồi Sim ban hành Kế hoạch phòng, chống rét cho gia súc năm 2026 như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích: Bảo vệ đàn gia súc, giữ ổn định đời sống của bà con các thôn vùng cao trong những đợt rét đậm, rét hại kéo

dài từ đầu năm.

II. NỘI DUNG
1. Rà soát chuồng trại
- Đơn vị chủ trì: Phòng Kinh tế xã.
- Đơn vị phối hợp: Trưởng các thôn.
- Thời gian hoàn thành: trước ngày 20/01/2026.
2. Hội nghị triển khai kế hoạch
- Thời gian: 08h00 ngày 09/01/2026.
- Địa điểm: Nhà văn hóa thôn Bãi Cả.
- Hình thức: Trực tiếp kết hợp trực tuyến.
- Thành phần:
+ Chủ tịch UBND xã (chủ trì);
+ Trưởng các thôn.
3. Hội nghị do các thôn tổ chức
- Thời gian: Hoàn thành trong tháng 01/2026 (sau Hội nghị cấp xã).
- Hình thức: Tập trung.

III. TỔ CHỨC THỰC HIỆN
1. Phòng Kinh tế xã
- Chủ trì triển khai Kế hoạch; tổng hợp kết quả, báo cáo UBND xã trước ngày 25 hằng tháng.
2. Trưởng các thôn
Vận động bà con che chắn chuồng trại; báo cáo về UBND xã (qua Phòng Kinh tế xã) trước 16h00 ngày thứ Sáu hằng tuần.
3. Ủy ban Mặt trận Tổ quốc Việt Nam xã và các đoàn thể phối hợp tuyên truyền; gửi kết quả trong tuần cuối tháng 02/2026.
3. Trạm Thú y khu vực: tiêm phòng xong trong vòng 10 ngày làm việc kể từ ngày ký.

Trên đây là Kế hoạch phòng, chống rét cho gia súc./.

Nơi nhận:                                            TM. ỦY BAN NHÂN DÂN
- UBND tỉnh (b/c);                                        KT. CHỦ TỊCH
- TT Đảng ủy, HĐND xã (để b/c);                           PHÓ CHỦ TỊCH
- Chủ tịch, các PCT UBND xã;
- Phòng Kinh tế xã;                                         (Đã ký)
- UBMTTQVN và các đoàn thể xã (p/h);
- Trưởng các thôn (t/h);                              Vàng Thị Sua
- Trường Tiểu học Đồi Sim;
- Lưu: VT, KT.
"""

LETTER = """\
**TỈNH ỦY PHÚ SƠN
BAN TỔ CHỨC**

*

Số -CV/BTCTU

Phú Sơn, ngày     tháng 01 năm 2026

*V/v rà soát
hồ sơ đảng viên*

- Kính gửi:*
- Các đồng chí Uỷ viên Ban Chấp hành Đảng bộ tỉnh,
 - Ban Thường vụ các đảng uỷ trực thuộc Tỉnh uỷ.

Thực hiện Hướng dẫn số 05 -HD/BTCTW, ngày 02/01/2026 của Ban Tổ chức Trung ương; tiếp theo Công văn số 70-CV/BTCTU
ngày 03/01/2026, Ban Tổ chức Tỉnh uỷ đề nghị thực hiện một số nội dung sau:

1. Các đảng uỷ trực thuộc Tỉnh uỷ chỉ đạo rà soát hồ sơ, xong trong quý I/2026; gửi báo cáo về Ban Tổ chức Tỉnh uỷ (qua Phòng Đảng
viên) chậm nhất ngày 05/4/2026.

2. Đảng uỷ Công an tỉnh tạm dừng việc chuyển hồ sơ cho đến khi có hướng dẫn mới.

(gửi kèm theo: Hướng dẫn số 05-HD/BTCTW và mẫu biểu)

Nơi nhận:
- Như trên,
- Thường trực Tỉnh uỷ (để b/c),
- Phòng Đảng viên,
- Lưu BTCTU.

(để t/h)

K/T TRƯỞNG BAN
PHÓ TRƯỞNG BAN
Hoàng Văn Bản
"""

INVITATION = """\
UBND HUYỆN TRÀ LÂM
PHÒNG GIÁO DỤC VÀ ĐÀO TẠO
Số:     /PGDĐT-VP
V/v tổ chức hội nghị tổng kết năm học
Trà Lâm, ngày 02 tháng 6 năm 2025
Kính gửi: Hiệu trưởng các trường mầm non, tiểu học trên địa bàn huyện.
Thực hiện Kế hoạch số 30/KH-SGDĐT ngày 20/5/2025 của Sở Giáo dục và Đào tạo, Phòng Giáo dục và Đào tạo yêu cầu thực hiện:
1. Hội nghị tổng kết cấp huyện
a) Thời gian: 7 giờ 30 phút, thứ Sáu ngày 20/6/2025.
b) Địa điểm: Trung tâm Văn hóa huyện.
c) Thành phần: Lãnh đạo UBND huyện; Hiệu trưởng các trường.
2. Các trường báo cáo định kỳ 6 tháng, 1 năm về Phòng Giáo dục và Đào tạo; gửi báo cáo tổng kết trước 11h00 ngày 16/6/2025.
Nơi nhận:
- Như trên (để biết);
- UBND huyện (b/c);
- Lưu: VT.
TRƯỞNG PHÒNG
Phan Thị Mây
"""

TELEGRAM = """\
BAN CHỈ ĐẠO PHÒNG THỦ DÂN SỰ TỈNH
HỎA TỐC
Số: 33/CĐ-BCĐ-TL
Phú Sơn, ngày 10 tháng 9 năm 2025

CÔNG ĐIỆN
Về việc chủ động ứng phó bão

BAN CHỈ ĐẠO PHÒNG THỦ DÂN SỰ TỈNH điện:
- UBND các xã ven biển;
- Công an tỉnh.

Để ứng phó với bão, Ban Chỉ đạo phòng thủ dân sự tỉnh yêu cầu:
1. UBND các xã ven biển kiểm đếm tàu thuyền trước 17h00 ngày 11/9/2025.
2. Tạm dừng việc ra khơi cho đến khi bão tan.

Nơi nhận:
- Như trên;
- Lưu: VT.
KT. TRƯỞNG BAN
PHÓ TRƯỞNG BAN
Lê Minh Sơn
"""

PAPERS = {
    "plan": STATE_PLAN,
    "letter": LETTER,
    "invitation": INVITATION,
    "telegram": TELEGRAM,
    "city": (Path(__file__).resolve().parents[2] / "examples" / "city" / "ke-hoach.md").read_text(encoding="utf-8"),
}
