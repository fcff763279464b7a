"""What we add to Rasa: words, entities, a floor under emergencies, answers, and discretion."""

from components.log_privacy import keep_words_out_of_logs
from components.shortcuts import take_shortcuts

take_shortcuts()
keep_words_out_of_logs()
