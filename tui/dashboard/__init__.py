"""What a person sees. The only importer of textual."""
