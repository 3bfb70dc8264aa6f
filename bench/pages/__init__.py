"""The page maker: newspaper pages laid out from dated news, as badly extracted text, with a known truth."""
