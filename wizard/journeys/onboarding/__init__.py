"""One profile on its way through the guide: values, drafts, findings."""
