"""问报 (Wenbao): questions to newspaper pages, answered in the paper's own words."""
