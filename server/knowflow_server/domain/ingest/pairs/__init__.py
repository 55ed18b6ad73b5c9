"""Questions and answers in files and pages: those their authors wrote, and questions made for the rest of the text."""
