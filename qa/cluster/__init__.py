"""Building by many processes: reading, segmenting and embedding are shared out, one writes."""
