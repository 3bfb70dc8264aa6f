"""Pure functions on text: strings and spans in, spans out."""
