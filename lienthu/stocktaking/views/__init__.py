"""Pages of stock-taking."""
