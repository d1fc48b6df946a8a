"""The union catalogue: bibliographic records, holdings, items, authority headings and their import."""
