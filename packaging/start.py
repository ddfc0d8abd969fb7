"""What a frozen build starts: the same as the command `mma-desktop`."""

import multiprocessing
import sys

from mma_desktop.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
