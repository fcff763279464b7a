"""What we add to Rasa: words, entities, a floor under emergencies, answers, and discretion."""

from components.answer_check import skip_meta_check
from components.log_privacy import keep_words_out_of_logs

skip_meta_check()
keep_words_out_of_logs()
