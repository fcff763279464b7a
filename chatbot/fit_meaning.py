"""Fits the second look anew to all training messages: `chatbot/.venv/bin/python chatbot/fit_meaning.py`.

Takes 20 to 30 minutes of one processor, nearly all for the vectors. Its results, meaning/head.npz and meaning/kinds.npz, are kept with the
code, so that a training takes none of that. Do it when an intent came or went, or the messages grew by a tenth.
"""

import sys

import project


def main() -> None:
    project.prepare_environment()
    import numpy as np

    from components.messages import training_messages
    from meaning import head, weights
    from meaning.encoder import Encoder

    found = weights.installed()
    if found is None:
        raise SystemExit("The package with the encoder's weights is missing: run `make bot`.")
    messages = [one for path in project.training_files() for one in training_messages(path)]
    print(f"Reading {len(messages)} messages …", flush=True)  # noqa: T201 - a command's answer
    vectors = Encoder(found).vectors([one.text for one in messages])
    head.fitted(vectors, np.asarray([one.intent for one in messages])).save(head.INTENTS)
    told = np.asarray([one.kind is not None for one in messages])
    kinds = np.asarray([one.kind for one in messages if one.kind is not None])
    head.fitted(vectors[told], kinds, hidden=64, rounds=20).save(head.KINDS)
    print(f"Written: {head.INTENTS}, {head.KINDS}")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    sys.exit(main())
