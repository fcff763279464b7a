"""The `laocai` command as a module: `tests.processes.ran("tests.cli.laocai", "places", …)`."""

from api.cli import main

if __name__ == "__main__":
    main()
