"""The server of the API as a module: `python -m tests.edge.serving`."""

from api.main import serve
from api.settings import Settings

if __name__ == "__main__":
    serve(Settings())
