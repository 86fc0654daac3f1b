"""gamelab: experiments with institutions in repeated games.

The public names stand in ``__init__.pyi``, a line each; every one is imported when it is first used, so that
``import gamelab`` stays fast.
"""

from typing import Any

import lazy_loader

__version__ = "0.1.0"

_public, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return _public(name)
    from gamelab.errors import nearest

    # with a name of its own the error gets no second hint from Python
    raise AttributeError(f"module 'gamelab' has no attribute '{name}'{nearest(name, __all__)}", name=name)
