"""python -m cxid."""

from cxid.cli import main

if __name__ == "__main__":
    main()
