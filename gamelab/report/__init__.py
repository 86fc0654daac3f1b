"""Reports: tables, files and the screen, made from results and computing nothing."""
