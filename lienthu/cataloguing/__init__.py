"""The cataloguing desk: editor, plain form, listing by barcode, drafts, batch edit."""
