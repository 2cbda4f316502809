"""The Nu HTML checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def nu_errors(folder: Path) -> list[str]:
    """What the checker finds wrong with the `.html` files of a folder. Skips the test where it is missing."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        pytest.skip("the Nu HTML checker needs Java and `npm ci` in tests/")
    command = [java, "-jar", str(JAR), "--format", "json", "--stdout", "--errors-only", str(folder)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [
        f"{Path(message['url']).name}:{message.get('lastLine')} {message['message']}"
        for message in json.loads(output)["messages"]
        if message["type"] != "info"
    ]
