"""The screen a person lives in; the only place that knows Textual."""
