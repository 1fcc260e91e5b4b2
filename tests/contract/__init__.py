"""One table of cases, run over HTTP against every lab and compared between labs."""
