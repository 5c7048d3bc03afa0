"""Paper: how words become a tagged PDF, the same for every document of the product. Knows no room."""
