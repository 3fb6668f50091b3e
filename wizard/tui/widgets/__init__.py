"""Parts of screens: values in, messages out."""
