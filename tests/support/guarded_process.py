"""`python -m tests.support.guarded_process infra.local`: a module as its own command, which may dial nothing but itself."""

import runpy
import sys

from tests.support.network_guard import in_child

if __name__ == "__main__":
    in_child(())
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
