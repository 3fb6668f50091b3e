"""Writes wizard/simulator/graph_api/described.json from Meta's OpenAPI description.

For the operations that the simulator keeps no state for, it has what a request has to be like,
and one answer, the first of the description's examples that is as described. The description is
Meta's, under the MIT licence in tests/conformance/LICENSE-openapi, which the file repeats.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.conformance.compact import compact
from wizard.simulator.graph_api.described import PATH

if __name__ == "__main__":
    PATH.write_text(json.dumps(compact(), separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
