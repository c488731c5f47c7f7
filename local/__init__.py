"""One machine instead of a cloud: World runs the template, outside it live phones and shops."""
