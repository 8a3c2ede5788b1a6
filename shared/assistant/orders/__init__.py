"""Following orders."""
