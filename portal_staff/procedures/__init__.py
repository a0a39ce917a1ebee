"""Written supervisory procedures: the rules in force in sentences. The rooms that hold the rules know nothing of it."""
