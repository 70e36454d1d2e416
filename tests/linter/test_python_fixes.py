"""Python sources are changed in one argument, everything else of them stays as it is written."""

from __future__ import annotations

import pytest

from dlinter_rules.python_fixes import listening_everywhere, without_debug
from dlinter_rules.python_source import servings

FLASK = "from flask import Flask\napp = Flask(__name__)  # the app\n\n"


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("app.run()", 'app.run(host="0.0.0.0")'),
        ("app.run(debug = True)  # later", 'app.run(debug = True, host="0.0.0.0")  # later'),
        ("app.run( 'localhost', 80 )", 'app.run( "0.0.0.0", 80 )'),
        ("app.run(host='127.0.0.1',port=80)", 'app.run(host="0.0.0.0",port=80)'),
        (
            "app.run(\n    port=80,\n    threaded=True,\n)",
            'app.run(\n    port=80,\n    threaded=True,\n    host="0.0.0.0",\n)',
        ),
        (
            "app.run(\n    port=80,\n    threaded=True\n)",
            'app.run(\n    port=80,\n    threaded=True,\n    host="0.0.0.0"\n)',
        ),
    ],
)
def test_listening_everywhere(call: str, wanted: str) -> None:
    text = FLASK + call + "\n"
    [serving] = servings(text)
    assert serving.local
    changed = listening_everywhere(text, serving)
    assert changed == FLASK + wanted + "\n"
    assert not servings(changed)[0].local


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("app.run(debug=True)", "app.run()"),
        ("app.run(port=80, debug=True)", "app.run(port=80)"),
        ("app.run(debug=True, port=80)", "app.run(port=80)"),
        ("app.run(\n    port=80,\n    debug=True,\n)", "app.run(\n    port=80,\n)"),
    ],
)
def test_without_debug(call: str, wanted: str) -> None:
    text = FLASK + call + "\n"
    [serving] = servings(text)
    assert serving.debug
    assert without_debug(text, serving) == FLASK + wanted + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "def f(:\n",
        "app.run()\n",
        "from flask import Flask\napp = Flask(__name__)\ndef unused():\n    app.run()\n",
        "from flask import Flask\napp = Flask(__name__)\napp.run(**options)\n",
        "from http.server import HTTPServer\nHTTPServer(('', 80), None)\n",
        "from flask import Flask\nclass App:\n    def run(self):\n        app = Flask(__name__)\n        app.run()\n",
    ],
)
def test_what_is_not_known_to_serve(text: str) -> None:
    assert servings(text) == []


def test_sockets_and_variables() -> None:
    text = "from http.server import HTTPServer as Server\nServer(('localhost', 80), None).serve_forever()\n"
    [serving] = servings(text)
    assert listening_everywhere(text, serving) == text.replace("'localhost'", '"0.0.0.0"')
    text = FLASK + "import os\napp.run(host=os.environ['HOST'])\n"
    assert not servings(text)[0].local
