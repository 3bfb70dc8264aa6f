"""How the models were made: data, training loops, export; see RUNS.md for what each run gave."""
