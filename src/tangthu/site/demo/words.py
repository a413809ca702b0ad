"""The words of which the demo network is made."""

from __future__ import annotations

MARK = "[DEMO]"

PLACES = (
    "Buôn Ma Thuột", "Buôn Hồ", "Ea Kao", "Buôn Đôn", "Krông Búk", "Krông Năng", "Cư M’gar",
    "Ea H’leo", "Ea Súp", "M’Drắk", "Krông Bông", "Krông Ana", "Liên Sơn Lắk", "Ea Kar",
    "Krông Pắc", "Cư Pơng", "Dliê Ya", "Tuy Hòa", "Sông Cầu", "Đồng Xuân", "Sơn Hòa",
    "Sông Hinh", "Tuy An Đông", "Vân Hòa", "Phú Mỡ", "Yang Mao", "Dur Kmăl", "Ea Na",
)  # fmt: skip

SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trương",
)  # fmt: skip
MIDDLE_NAMES = ("Văn", "Thị", "Minh", "Thanh", "Quốc", "Ngọc", "Hồng", "Đức", "Thu", "Xuân", "Kim")
GIVEN_NAMES = (
    "An", "Ánh", "Bình", "Châu", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hiền", "Hòa",
    "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Oanh", "Phong",
    "Phúc", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thúy", "Trang", "Tuấn", "Uyên", "Vinh", "Yến",
)  # fmt: skip
EDE_GIVEN = ("Ƀlŭl", "Hen", "Bhiăn", "Mai", "Đăm", "Kŭn", "Thuyên", "Djuang", "Blô", "Nuê", "Ñuêñ")
EDE_CLANS = ("Niê", "Mlô", "Êban", "Kbuôr", "Ayŭn", "Ksơr", "Niê Blô", "Êñuôl", "Kđoh")

PUBLISHERS = (
    ("Hà Nội", "Nxb. Trình Diễn"),
    ("Buôn Ma Thuột", "Nxb. Cao Nguyên Mẫu"),
    ("TP. Hồ Chí Minh", "Nxb. Sách Mẫu"),
    ("Đà Nẵng", "Nxb. Miền Trung Mẫu"),
    ("Tuy Hòa", "Nxb. Biển Mẫu"),
)

LOCAL_HISTORY = (
    "Lễ hội", "Nghề dệt thổ cẩm", "Cồng chiêng", "Nhà dài", "Bến nước", "Lễ cúng bến nước",
    "Rượu cần", "Ẩm thực", "Địa danh", "Lịch sử Đảng bộ", "Cây cà phê", "Hồ tiêu và sầu riêng",
    "Tục ngữ, ca dao", "Truyện cổ", "Luật tục", "Nghề voi", "Kiến trúc nhà ở", "Làng nghề",
    "Nhân vật chí", "Chợ phiên", "Di tích", "Thiên nhiên", "Trường học", "Đường làng",
)  # fmt: skip
LOCAL_ANGLES = (
    "xưa và nay", "qua tư liệu", "trong đời sống hôm nay", "giai đoạn 1975–2000",
    "qua lời kể của người già", "qua ảnh", "và phát triển du lịch", "trong nhà trường",
)  # fmt: skip

FICTION_NOUNS = (
    "Mùa", "Con đường", "Ngôi nhà", "Dòng sông", "Tiếng", "Ánh", "Chiều", "Bông hoa", "Cánh rừng",
    "Giấc mơ", "Bức thư", "Người lái đò", "Cánh đồng", "Ngọn lửa", "Khúc hát",
)  # fmt: skip
FICTION_ENDS = (
    "gió chướng", "cà phê nở", "mưa cao nguyên", "bên kia đồi", "đất đỏ", "chiều cuối năm",
    "không tên", "ngày trở lại", "mẹ tôi", "tuổi mười bảy", "đầu nguồn", "phố núi", "miền biển",
    "hoàng hôn", "dưới trăng", "trong sương", "người xa quê", "và biển",
)  # fmt: skip

SCIENCES = (
    ("Vật lý", "530"), ("Kĩ thuật điện", "621.3"), ("Hóa học", "540"), ("Toán học", "510"),
    ("Sinh học", "570"), ("Nông nghiệp", "630"), ("Tin học", "005"), ("Y học", "610"),
    ("Thiên văn", "520"), ("Kỹ thuật trồng trọt", "631"), ("Chăn nuôi", "636"),
    ("Môi trường", "363.7"), ("Khí tượng", "551.5"),
)  # fmt: skip
SCIENCE_FORMS = (
    "đại cương", "cho mọi người", "ứng dụng", "vui", "cơ bản", "trong gia đình", "hỏi và đáp",
    "thực hành", "nâng cao", "qua thí nghiệm", "trong 100 bài",
)  # fmt: skip

SERIAL_TOPICS = ("Văn nghệ", "Khoa học", "Nông dân", "Thanh niên", "Thư viện", "Du lịch")

CHILDREN = (
    "Chú voi", "Cô bé", "Chim chích", "Thỏ con", "Bé Na", "Mèo mướp", "Cậu bé", "Bà ngoại",
    "Chú dế", "Đàn kiến", "Gấu nhỏ", "Bạn Sóc",
)  # fmt: skip
CHILDREN_DEEDS = (
    "đi học", "ở Buôn Đôn", "và cây cà phê", "tìm mẹ", "qua sông", "đếm sao", "nhặt hạt dẻ",
    "biết nói lời cảm ơn", "trồng cây", "thích đọc sách", "đi chợ phiên", "và cơn mưa",
)  # fmt: skip

ENGLISH = ("Coffee", "Highland rivers", "Gongs", "Elephants", "Weaving", "Villages", "Red soil")
ENGLISH_ENDS = (
    "of the Central Highlands", "in Dak Lak", "for beginners", "and their people", "in pictures",
    "since 1900", "and the sea",
)  # fmt: skip
FRENCH = ("Le café", "Les éléphants", "Les rivières", "Les gongs", "La terre rouge", "Les villages")
FRENCH_ENDS = (
    "du Darlac", "des hauts plateaux", "en images", "et la mer", "au début du siècle",
    "racontés aux élèves",
)  # fmt: skip
EDE = ("Klei khan", "Klei duê", "Klei bhiăn kđi", "Klei mmuñ", "Klei yăl dliê")
