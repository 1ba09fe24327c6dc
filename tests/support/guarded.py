"""`python -m tests.support.guarded infra.local`: a module as its own command, in a process that may dial nothing but itself."""

import runpy
import sys

from tests.support.outside import in_child

if __name__ == "__main__":
    in_child(())
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
