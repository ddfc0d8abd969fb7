"""The paper's tables on a researcher's own data: sources, a plan of cells, running it, tables and plots."""
