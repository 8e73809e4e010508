"""Results for those who do not run them: a report and a one-page brief, files of their own that need no network."""
