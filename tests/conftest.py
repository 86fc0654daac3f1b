"""Makes ``import reference`` and ``import draws`` work from every test folder: pytest puts this folder on the path."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # test workers share the cores already

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gamelab", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("gamelab"), derandomize=True)  # the same draws each time
settings.load_profile("ci" if os.environ.get("CI") else "gamelab")
