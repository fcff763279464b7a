"""What the bot says next: tasks, forms and the state between two messages. Pure Python, without Rasa.

It asks the province through a port (`province.py`) and answers in phrases with fields (`saying.py`), so that
all of it can be tried by itself.
"""
