"""The Excel forms that agencies fill in: columns, lists to choose from, pages, templates."""
