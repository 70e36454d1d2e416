"""The bundled copy of dlint, whatever else is installed: ``python -I server.py server`` is ``dlint server``."""

import os
import runpy
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))
runpy.run_module("dlinter", run_name="__main__", alter_sys=True)
