"""How satisfied people were with an office: one rating for each thing they went through, or a day at a desk."""
