"""A photo of a barcode leads to the good that has it."""
